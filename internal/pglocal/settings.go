package pglocal

import (
	"fmt"
	"maps"
	"slices"
)

// defaults suit a private server on a small machine.
var defaults = map[string]string{
	"jit":             "off", // compiling costs more than these queries gain
	"shared_buffers":  "256MB",
	"max_connections": "100",
	"timezone":        "UTC",
	"log_timezone":    "UTC",
	"log_checkpoints": "off", // the log is for what went wrong
	"log_line_prefix": "%m [%p] ",
}

// ephemeralDefaults trade durability, which a test's data doesn't need, for speed.
var ephemeralDefaults = map[string]string{
	"shared_buffers":     "64MB",
	"max_connections":    "200",
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
	"autovacuum":         "off",
	"checkpoint_timeout": "1h",
	"wal_level":          "minimal",
	"max_wal_senders":    "0", // what wal_level=minimal asks for
}

// fixed settings are what URL and the safety of password-less logins rest on.
func fixed(socketDir string) map[string]string {
	return map[string]string{
		"listen_addresses":        "",
		"port":                    port,
		"unix_socket_directories": socketDir,
		"unix_socket_permissions": "0700",
		"logging_collector":       "off", // the log is what postgres writes to stderr
		"log_destination":         "stderr",
	}
}

func checkSettings(settings map[string]string) error {
	own := fixed("")
	for name := range settings {
		if _, taken := own[name]; taken || name == "" {
			return fmt.Errorf("the setting %q can't be chosen: a private server needs its own", name)
		}
	}
	return nil
}

// serverArgs are postgres's arguments, in the same order every time.
func serverArgs(dir, socketDir string, o Options) []string {
	all := maps.Clone(defaults)
	if o.Ephemeral {
		maps.Copy(all, ephemeralDefaults)
	}
	maps.Copy(all, o.Settings)
	maps.Copy(all, fixed(socketDir))

	args := []string{"-D", dir}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}
