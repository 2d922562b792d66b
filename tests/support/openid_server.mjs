// An OpenID provider: the certified server of the package `oidc-provider`, with people of ours who need no password.
// It serves on a socket that it was handed, and says `ready`.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { Provider } = createRequire(new URL("../../web/package.json", import.meta.url))("oidc-provider");
const { fd, issuer, clients, people } = JSON.parse(process.argv[2]);

const provider = new Provider(issuer, {
  clients,
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

const FORM = `<!doctype html><html lang="en"><title>Elsewhere</title><form method="post">
<label>Who are you? <input name="login" autofocus></label>
<button name="go" data-testid="go">Go on</button><button name="cancel" value="1" data-testid="cancel">Cancel</button>
</form></html>`;

async function interact(request, response) {
  await provider.interactionDetails(request, response);
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    return response.end(FORM);
  }
  const pieces = await request.toArray();
  const form = new URLSearchParams(Buffer.concat(pieces).toString());
  const result = form.get("cancel") ? { error: "access_denied" } : { login: { accountId: form.get("login") } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  interact(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
}).listen({ fd }, () => console.log("ready"));
