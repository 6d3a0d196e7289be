// The real Bluesky servers in one Node process on loopback: PLC directory and PDS, with APPVIEW=1 also the AppView.
// Needs @atproto/dev-env (see package.json) in the current folder, Node 18 to 22, and for the AppView DB_POSTGRES_URL.
//   PLC_PORT PDS_PORT PDS_INNER_PORT APPVIEW_PORT SETTLE_PORT: the PDS calls itself PDS_PORT but listens on PDS_INNER_PORT,
//   so that a gate between both can break answers on purpose.
// Prints one line of JSON with "ready": true.
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { createRequire } from 'node:module'

const port = (name) => Number(process.env[name])
const [plcPort, pdsPort, innerPort, appviewPort, settlePort] = [
  'PLC_PORT', 'PDS_PORT', 'PDS_INNER_PORT', 'APPVIEW_PORT', 'SETTLE_PORT',
].map(port)

// The servers listen on every address and know no host option: keep them on loopback, and the PDS behind the gate.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  const options = typeof args[0] === 'number' ? { port: args.shift() } : { ...args.shift() }
  if (typeof args[0] === 'string') options.host = args.shift()
  if (options.port === pdsPort) options.port = innerPort
  if ('port' in options) options.host = '127.0.0.1'
  return listen.call(this, options, ...args)
}

const require = createRequire(path.join(process.cwd(), 'entry.js'))
const { TestNetwork, TestNetworkNoAppView } = await import(require.resolve('@atproto/dev-env'))
const common = {
  plc: { port: plcPort },
  pds: { port: pdsPort, hostname: 'localhost', enableDidDocWithSession: true, rateLimitsEnabled: process.env.RATE_LIMITS === '1' },
}
const network = process.env.APPVIEW === '1'
  ? await TestNetwork.create({
      ...common,
      dbPostgresSchema: 'network',
      bsky: { port: appviewPort, publicUrl: `http://localhost:${appviewPort}`, repoProvider: `ws://localhost:${innerPort}` },
    })
  : await TestNetworkNoAppView.create(common)

// A GET returns once everything that the PDS emitted has been indexed.
http.createServer(async (request, response) => {
  try {
    await network.processAll(20000)
    response.end('{}')
  } catch (error) {
    response.statusCode = 500
    response.end(String(error))
  }
}).listen(settlePort)

console.log(JSON.stringify({ ready: true, pds: network.pds.url, plc: network.plc.url, appview: network.bsky?.url ?? '' }))

const stop = async () => {
  try {
    await network.close()
  } finally {
    process.exit(0)
  }
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.stdin.on('end', stop).resume()
