// The certified OpenID provider "oidc-provider" with a resource of its own:
//   node oidc_provider.mjs NODE_MODULES PORT CERTIFICATE KEY SETTINGS(JSON: clients)
// Everything is https and asks for a client certificate; access tokens live for two seconds.
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import https from 'node:https';
import { pathToFileURL } from 'node:url';

const [modules, port, certificate, key, settings] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));
const issuer = `https://127.0.0.1:${port}`;
const pem = (raw) => `-----BEGIN CERTIFICATE-----\n${raw.toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;
const shown = (ctx) => {
  const { raw } = ctx.socket.getPeerCertificate();
  return raw && pem(raw);
};

const provider = new Provider(issuer, {
  clients: JSON.parse(readFileSync(settings, 'utf8')),
  cookies: { keys: ['TEST ONLY'] },
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt',
    'self_signed_tls_client_auth', 'none'],
  rotateRefreshToken: () => true,
  scopes: ['openid', 'offline_access', 'things:read', 'things:write'],
  ttl: { AccessToken: 2, ClientCredentials: 2, RefreshToken: 600, AuthorizationCode: 30, Grant: 600, Interaction: 600,
    Session: 600, IdToken: 600 },
  features: {
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
    mTLS: { enabled: true, selfSignedTlsClientAuth: true, certificateBoundAccessTokens: true, getCertificate: shown },
  },
});

// The resource of the client credentials tokens; those of a person are for the provider's own /me.
provider.use(async (ctx, next) => {
  if (ctx.path !== '/things') return next();
  const [scheme, value] = (ctx.get('authorization') || '').split(' ');
  const token = scheme === 'Bearer' && value && await provider.ClientCredentials.find(value);
  const bound = token && token['x5t#S256'];
  const { raw } = ctx.socket.getPeerCertificate();
  if (!token || (bound && (!raw || createHash('sha256').update(raw).digest('base64url') !== bound))) {
    ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"');
    ctx.status = 401;
    ctx.body = { error: 'invalid_token' };
  } else {
    ctx.body = { client: token.clientId };
  }
});

https.createServer({
  cert: readFileSync(certificate), key: readFileSync(key), requestCert: true, rejectUnauthorized: false,
}, provider.callback()).listen(Number(port), '127.0.0.1');
