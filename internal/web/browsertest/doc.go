// Package browsertest tries the pages in a real browser: Chromium, by way of
// chromedp, with axe-core for accessibility. Its tests fail where there is no
// Chromium; `make browser-needs` installs it.
//
// axe.min.js.gz is axe-core as tools/web-assets/package-lock.json pins it (MPL
// 2.0); `make web-assets` writes it anew.
package browsertest
