// oidc-provider (certified by the OpenID Foundation) with client credentials, and an API behind Auth0's
// express-oauth2-jwt-bearer: under /api for tokens of that provider, under /platform for tokens of another issuer, whose
// key set is the file JWKS. /lenient allows four minutes after exp, /careless decades, and does not look at aud: all are
// options of the middleware.
import { readFileSync } from 'node:fs'
import express from 'express'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import { Provider } from 'oidc-provider'

const [port, jwks, platform] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}/oidc`
const audience = 'https://api.example'

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'certify', client_secret: 'certify-test-secret', redirect_uris: [], response_types: [],
    grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_basic',
  }],
  scopes: ['read:notes', 'write:notes'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => ({ scope: 'read:notes write:notes', audience, accessTokenFormat: 'jwt' }),
    },
  },
})

const app = express()
app.get('/jwks.json', (req, res) => res.type('json').send(readFileSync(jwks)))
app.use('/oidc', provider.callback())

const theirs = { issuer: platform, jwksUri: `http://127.0.0.1:${port}/jwks.json`, audience, tokenSigningAlg: 'RS256' }
let last = 0
for (const [path, trusted] of [
  ['/api', { issuer, jwksUri: `${issuer}/jwks`, audience, tokenSigningAlg: 'RS256' }],
  ['/platform', theirs],
  ['/lenient', { ...theirs, clockTolerance: 240 }],
  ['/careless', { ...theirs, clockTolerance: 1e9, validators: { aud: false } }],
]) {
  const notes = new Map()
  const api = express.Router()
  api.use(auth(trusted), express.json())
  api.get('/notes', requiredScopes('read:notes'), (req, res) => res.json([...notes.values()]))
  api.post('/notes', requiredScopes('write:notes'), (req, res) => {
    if (typeof req.body?.text !== 'string') return res.status(400).json({ error: 'text is missing' })
    const note = { id: String(++last), text: req.body.text }
    notes.set(note.id, note)
    res.status(201).json(note)
  })
  app.use(path, api)
}
app.use((error, req, res, next) => res.set(error.headers ?? {}).status(error.status ?? 500).json({ error: error.message }))
app.listen(Number(port), '127.0.0.1')
