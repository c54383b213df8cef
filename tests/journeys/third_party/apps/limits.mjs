// One small list behind express-rate-limit, once for each dialect of its headers (option standardHeaders, legacyHeaders)
// and once with a refusal of another kind. The limit is the library's: LIMIT requests in WINDOW milliseconds.
import express from 'express'
import { rateLimit } from 'express-rate-limit'

const [port, limit, windowMs] = process.argv.slice(2).map(Number)
const app = express()
const plain = { limit, windowMs, legacyHeaders: false, standardHeaders: false, keyGenerator: (req) => req.get('X-API-Key') ?? 'nobody' }

const ways = {
  legacy: { legacyHeaders: true },
  'draft-6': { standardHeaders: 'draft-6' },
  'draft-7': { standardHeaders: 'draft-7' },
  'draft-8': { standardHeaders: 'draft-8' },
  forbidden: { statusCode: 403, message: { error: 'too many' } },
  silent: { handler: (req) => req.socket.destroy() },
  off: { skip: () => true },
}

for (const [name, options] of Object.entries(ways)) {
  app.use(`/${name}`, (req, res, next) =>
    req.get('X-API-Key') === 'certify' ? next() : res.status(401).set('WWW-Authenticate', 'ApiKey').json({ error: 'who?' }),
  )
  app.use(`/${name}`, rateLimit({ ...plain, ...options }))
  app.get(`/${name}/items`, (req, res) => res.json([{ id: 1 }]))
}
app.listen(port, '127.0.0.1')
