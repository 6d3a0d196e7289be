// An OpenID provider for tests: any name signs in on its own pages and gets the address <name>@example.com, which counts
// as confirmed unless the name starts with "unsure". Run: node provider.mjs PORT REDIRECT_URI, with the packages in
// OIDC_PACKAGES. Prints one line of JSON when it listens.
import path from "node:path"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"

const packages = createRequire(path.join(process.env.OIDC_PACKAGES, "index.js"))
const { default: Provider } = await import(pathToFileURL(packages.resolve("oidc-provider")).href)
const [port, redirect] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`

const claims = name => ({ sub: name, name: `The ${name}`, email: `${name}@example.com`, email_verified: !name.startsWith("unsure") })
const provider = new Provider(issuer, {
  clients: [{ client_id: "masthead", client_secret: "secret", redirect_uris: [redirect], grant_types: ["authorization_code"], response_types: ["code"] }],
  findAccount: async (_context, name) => ({ accountId: name, claims: async () => claims(name) }),
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["test"] },
  pkce: { required: () => true },
})
provider.listen(Number(port), "127.0.0.1", () => console.log(JSON.stringify({ issuer })))
