import { closeSync, openSync, readSync, type Stats } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MapsealError, reason } from '../errors.ts'
import { deleteFile, exists, touch, updateFile, writeAside } from './folder-files.ts'
import { checkKey, checkPrefix, isKey, type Range, type Store, type StoredKey } from './store.ts'
import { isAbandoned } from './temporary.ts'

/** A store in a folder, each key a file below it; `tmp/` holds what is being written. */
export function folderStore(dir: string): Store {
  const pathOf = (key: string) => join(dir, checkKey(key))

  return {
    location: dir,
    isLocal: true,
    async get(key, range) {
      const path = pathOf(key)
      try {
        return range ? readRange(path, range) : await readFile(path)
      } catch (cause) {
        if (isAbsent(cause)) return undefined
        throw new MapsealError('vault', `${path} cannot be read: ${reason(cause)}. Make it readable.`, { cause })
      }
    },
    async put(key, bytes) {
      const file = writeAside(dir, pathOf(key))
      await file.append(bytes)
      await file.commit()
    },
    update: (key, change) => updateFile(dir, checkKey(key), change),
    create: key => writeAside(dir, pathOf(key)),
    has: async key => exists(pathOf(key)),
    touch: async (key, least = 0) => touch(pathOf(key), least),
    list: (prefix, after) => walk(dir, checkPrefix(prefix), after),
    delete: async key => deleteFile(dir, checkKey(key)),

    abandoned: () => abandonedIn(join(dir, 'tmp')),
    async tidy() {
      for (const path of await abandonedIn(join(dir, 'tmp'))) await rm(path, { force: true })
    },
  }
}

async function abandonedIn(folder: string): Promise<string[]> {
  const paths: string[] = []
  for (const name of await namesIn(folder)) {
    const facts = await factsOf(join(folder, name))
    if (facts && isAbandoned(name, facts)) paths.push(join(folder, name))
  }
  return paths
}

function readRange(path: string, { offset, length }: Range): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.allocUnsafe(length)
    let size = 0
    while (size < length) {
      const read = readSync(file, bytes, size, length - size, offset + size)
      if (read === 0) break
      size += read
    }
    return bytes.subarray(0, size)
  } finally {
    closeSync(file)
  }
}

async function* walk(dir: string, prefix: string, after = ''): AsyncIterable<StoredKey> {
  const entries = await readdir(join(dir, prefix), { withFileTypes: true }).catch(cause => {
    if (isAbsent(cause)) return []
    throw new MapsealError('vault', `${join(dir, prefix)} cannot be read: ${reason(cause)}. Make it readable.`, {
      cause,
    })
  })
  // As keys sort, a folder comes after names that begin like its own and go on with a dot.
  const names = entries.flatMap(entry => (entry.isDirectory() ? `${entry.name}/` : entry.isFile() ? entry.name : []))
  for (const name of names.sort()) {
    if (name.endsWith('/')) yield* walk(dir, `${prefix}${name}`, after)
    else if (prefix + name > after && isKey(prefix + name)) {
      const facts = await factsOf(join(dir, prefix, name))
      if (facts) yield { key: `${prefix}${name}`, modified: facts.mtime }
    }
  }
}

/** Undefined where another process has deleted it meanwhile. */
async function factsOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined)
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(cause => (isAbsent(cause) ? [] : Promise.reject(cause)))
}

function isAbsent(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')
}
