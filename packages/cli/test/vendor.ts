import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export interface Vendor {
  url: string
  /** Method, path and body of each request. */
  requests: { call: string; body: unknown; agent: string | undefined }[]
  /** By path; 200 where none is set. */
  statuses: Record<string, number>
  stop(): Promise<void>
}

/** A vendor's server that takes whatever comes. */
export async function startVendor(): Promise<Vendor> {
  const requests: Vendor['requests'] = []
  const statuses: Vendor['statuses'] = {}
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString() || 'null')
    requests.push({ call: `${request.method} ${request.url}`, body, agent: request.headers['user-agent'] })
    response.writeHead(statuses[request.url ?? ''] ?? 200, { 'Content-Type': 'application/json' }).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    requests,
    statuses,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A config with a destination `alpha` that keeps deploys, and `beta` that does not. */
export async function writeConfig(
  dir: string,
  { url }: Vendor,
  options = 'destinations: [alpha, beta]',
): Promise<void> {
  const text = `
const post = (name, value, { fetch }) => fetch('${url}/' + name, { method: 'POST', body: JSON.stringify(value) })
async function deliver(name, build, artifacts, context) {
  let count = 0
  for await (const { debugId } of artifacts) {
    await post(name, { build: build.id, debugId }, context)
    count += 1
  }
  return { artifacts: count }
}
const alpha = {
  name: 'alpha',
  deliver: (...args) => deliver('alpha', ...args),
  deploy: async (deploy, context) => void (await post('alpha-deploys', deploy, context)),
}
const beta = { name: 'beta', deliver: (...args) => deliver('beta', ...args) }
export default { ${options} }
`
  await writeFile(join(dir, 'mapseal.config.mjs'), text)
}
