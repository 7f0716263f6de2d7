// Bluesky's own PDS with a PLC directory in memory, on this machine alone: node pds.mjs FOLDER PUBLIC_PORT
// PUBLIC_PORT is what the PDS names as its own; a proxy of the test's listens there. Prints one line when it is ready.
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { PDS } from '@atproto/pds'
import { Secp256k1Keypair } from '@atproto/crypto'
import plcServer from '@did-plc/server'

const [folder, publicPort] = [process.argv[2], Number(process.argv[3])]
const onThisMachine = (app, port) => {
  app.listen = () => http.createServer(app).listen(port, '127.0.0.1')
}
const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

const plcPort = await freePort()
const plc = plcServer.PlcServer.create({ db: plcServer.Database.mock(), port: plcPort })
onThisMachine(plc.app, plcPort)
await plc.start()

for (const name of ['data', 'blobs', 'tmp']) fs.mkdirSync(path.join(folder, name), { recursive: true })
const key = await Secp256k1Keypair.create({ exportable: true })
const port = await freePort()
const pds = await PDS.fromEnv({
  devMode: true,
  hostname: 'localhost',
  port: publicPort,
  dataDirectory: path.join(folder, 'data'),
  blobstoreDiskLocation: path.join(folder, 'blobs'),
  blobstoreDiskTmpLocation: path.join(folder, 'tmp'),
  blobUploadLimit: Number(process.env.BLOB_LIMIT ?? 5_242_880),
  didPlcUrl: `http://localhost:${plcPort}`,
  plcRotationKeyK256PrivateKeyHex: Buffer.from(await key.export()).toString('hex'),
  recoveryDidKey: (await Secp256k1Keypair.create()).did(),
  adminPassword: 'admin',
  jwtSecret: 'a secret of the tests',
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
  rateLimitsEnabled: false,
  bskyAppViewUrl: 'https://appview.invalid',
  bskyAppViewDid: 'did:example:invalid',
  bskyAppViewCdnUrlPattern: 'https://cdn.invalid/%s/%s/%s',
  modServiceUrl: 'https://moderation.invalid',
  modServiceDid: 'did:example:invalid',
})
onThisMachine(pds.app, port)
await pds.start()
console.log(JSON.stringify({ address: `http://127.0.0.1:${port}`, pid: process.pid }))
// when the tests are gone, however they ended, so is this
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
