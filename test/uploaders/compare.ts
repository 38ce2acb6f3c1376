import type { Recorded } from '../../packages/destinations/src/contract/index.ts'

/** What is of the connection, or says which program sends. */
const ofTheClient =
  /^(?:accept|accept-encoding|accept-language|connection|content-length|host|keep-alive|sec-fetch-mode|transfer-encoding|user-agent)$/

/** What differs in the requests for the same file, by name, and requests that only one of them makes. */
export function differencesOf(theirs: Recorded[], ours: Recorded[]): string[] {
  const differences = new Set<string>()
  const [a, b] = [theirs, ours].map(requests => new Map(requests.map(each => [keyOf(each), linesOf(each)])))
  for (const key of new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])) {
    const [left, right] = [a?.get(key), b?.get(key)]
    if (!left || !right) differences.add(`${left ? 'theirs' : 'ours'} alone: ${key}`)
    else
      for (const name of new Set([...left.keys(), ...right.keys()]))
        if (left.get(name) !== right.get(name)) differences.add(name)
  }
  return [...differences].sort()
}

/** Method, path and the files that are named in a form, in JSON or in the path. */
function keyOf({ method, path, headers, body, parts }: Recorded): string {
  const fields = parts
    .filter(part => (part.filename === undefined && part.name !== 'file') || part.name === 'event')
    .map(part => `${part.bytes}`)
  const json = isJson(path, headers, body) ? fieldsOf(body, '').map(([, value]) => value) : []
  const names = [...fields, ...json.filter(value => value.length < 300)].join(' ')
  const files = new Set(`${path} ${names}`.match(/\b(?:main|lazy)\.js(?:\.map)?/g))
  return [method, path.replace(/\?.*/, ''), ...[...files].filter(file => !path.includes(file)).sort()].join(' ')
}

/** A request as text, a line for each thing that a server reads. */
function linesOf({ path, headers, body, parts }: Recorded): Map<string, string> {
  const lines = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(/\?.*/.exec(path)?.[0])) lines.set(`query ${name}`, value)
  for (const [name, value] of Object.entries(headers)) {
    if (!ofTheClient.test(name)) lines.set(`header ${name}`, `${value}`.replace(/; ?boundary=.*/, ''))
  }
  for (const { name, filename, type, bytes } of parts) {
    const part = `part ${name}`
    if (name === 'event') for (const field of fieldsOf(bytes, name)) lines.set(...field)
    else lines.set(part, `${lines.get(part) ?? ''}${bytes.toString('base64')}`)
    lines.set(`${part}: file name`, `${filename}`)
    lines.set(`${part}: type`, `${type}`)
  }
  if (isJson(path, headers, body)) for (const field of fieldsOf(body, 'body')) lines.set(...field)
  else if (parts.length === 0) lines.set('body', body.toString('base64'))
  return lines
}

/** The storages of the tests take files. */
function isJson(path: string, headers: Recorded['headers'], body: Buffer): boolean {
  return !path.startsWith('/storage/') && body.length > 0 && /^application\/json/.test(headers['content-type'] ?? '')
}

function fieldsOf(bytes: Buffer, of: string): [string, string][] {
  const fields = Object.entries(JSON.parse(bytes.toString()) as object)
  return fields.map(([key, value]) => [`${of}.${key}`, JSON.stringify(value)])
}
