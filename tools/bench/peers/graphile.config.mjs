import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";

export default {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.PEER_DATABASE, schemas: ["public"], poolConfig: { max: 8 } })],
  grafserv: { host: "127.0.0.1", port: Number(process.env.PEER_PORT), graphqlPath: "/graphql", graphiql: false },
  grafast: { explain: false },
};
