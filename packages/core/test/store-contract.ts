import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Store } from '../src/vault/store.ts'

/** What every store promises. `open` gives an empty one; with the same `name`, the one that was opened before. */
export function storeContract(open: (name?: string) => Promise<Store>): void {
  describe('a store', () => {
    const bytes = (text: string) => Buffer.from(text)
    const keysIn = async (store: Store, prefix: string) => {
      const keys: string[] = []
      for await (const { key } of store.list(prefix)) keys.push(key)
      return keys
    }

    test('gives back what was put in, byte by byte', async () => {
      const store = await open()
      const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      await store.put('a/all.bin', new Uint8Array(all))
      await store.put('a/empty', bytes(''))
      expect(await store.get('a/all.bin')).toEqual(all)
      expect(await store.get('a/empty')).toEqual(bytes(''))
      expect([await store.has('a/all.bin'), await store.touch('a/all.bin')]).toEqual([true, true])
      expect(await store.get('a/all.bin')).toEqual(all)
    })

    test('reads a part, as far as there is one', async () => {
      const store = await open()
      await store.put('a/b', bytes('0123456789'))
      await store.put('a/empty', bytes(''))
      const read = async (offset: number, length: number, key = 'a/b') => `${await store.get(key, { offset, length })}`
      expect([await read(0, 4), await read(3, 4), await read(9, 1)]).toEqual(['0123', '3456', '9'])
      expect([await read(0, 1000), await read(8, 1000), await read(10, 5)]).toEqual(['0123456789', '89', ''])
      expect([await read(1000, 5), await read(4, 0), await read(0, 10, 'a/empty')]).toEqual(['', '', ''])
      expect(await store.get('a/c', { offset: 0, length: 5 })).toBeUndefined()
    })

    test('takes pieces, which are there once they are committed', async () => {
      const store = await open()
      const writer = store.create('a/b')
      for (const piece of ['one ', '', 'two ', 'three']) await writer.append(bytes(piece))
      expect([await store.has('a/b'), await keysIn(store, 'a/')]).toEqual([false, []])
      await writer.commit()
      expect(`${await store.get('a/b')}`).toBe('one two three')
      await store.create('a/empty').commit()
      expect(await store.get('a/empty')).toEqual(bytes(''))
    })

    test('forgets pieces that are discarded', async () => {
      const store = await open()
      await store.create('a/none').discard()
      const writer = store.create('a/b')
      await writer.append(Buffer.alloc(3 << 20))
      await writer.discard()
      expect([await store.has('a/b'), await keysIn(store, 'a/')]).toEqual([false, []])
    })

    test('takes pieces of any size and number, in their order', { timeout: 120_000 }, async () => {
      const store = await open()
      const pieces = Array.from({ length: 80 }, (_, index) => Buffer.alloc(1 << 20, index))
      const [writer, discarded] = [store.create('a/large'), store.create('a/discarded')]
      await Promise.all(pieces.flatMap(piece => [writer.append(piece), discarded.append(piece)]))
      await discarded.discard()
      expect(await keysIn(store, 'a/')).toEqual([])
      await writer.commit()
      expect(hash((await store.get('a/large')) as Buffer)).toBe(hash(Buffer.concat(pieces)))
      expect([await store.touch('a/large'), await keysIn(store, 'a/')]).toEqual([true, ['a/large']])
      const part = await store.get('a/large', { offset: (70 << 20) - 1, length: 2 })
      expect(part).toEqual(Buffer.from([69, 70]))
      await store.tidy?.()
    })

    test('says what is not there', async () => {
      const store = await open()
      await store.put('a/b', bytes('x'))
      for (const key of ['a/c', 'b', 'a/b/c', 'c/d']) {
        expect([await store.get(key), await store.has(key), await store.touch(key)]).toEqual([undefined, false, false])
      }
      expect(await keysIn(store, 'c/')).toEqual([])
    })

    test('replaces', async () => {
      const store = await open()
      await store.put('a/b', bytes('first, and longer'))
      await store.put('a/b', bytes('second'))
      expect(`${await store.get('a/b')}`).toBe('second')
      expect(await keysIn(store, 'a/')).toEqual(['a/b'])
    })

    test('deletes, and what is not there too', async () => {
      const store = await open()
      await store.put('a/b', bytes('x'))
      await store.delete('a/b')
      await store.delete('a/b')
      await store.delete('no/such')
      expect([await store.get('a/b'), await keysIn(store, 'a/')]).toEqual([undefined, []])
    })

    test('lists below a prefix, ascending, with when it was written', async () => {
      const store = await open()
      const keys = ['a/b.json', 'a/b/c', 'a/b-c', 'a/B', 'a/10', 'a/9', 'a/%20x@1', 'ab/c', 'a/z/y/x']
      const before = Date.now()
      for (const key of keys) await store.put(key, bytes(key))
      expect(await keysIn(store, 'a/')).toEqual(keys.filter(key => key !== 'ab/c').sort())
      expect(await keysIn(store, 'a/b/')).toEqual(['a/b/c'])
      for await (const { modified } of store.list('a/'))
        expect(Math.abs(modified.getTime() - before)).toBeLessThan(60_000)
    })

    const noKeys = [
      '../x',
      'a/../../x',
      '/etc/passwd',
      'a//b',
      'a/./b',
      'a/',
      '',
      '.gitignore',
      'a/.hidden',
      'a\\b',
      'a\0b',
      'a\nb',
      'grüße',
      'a'.repeat(300),
      'a/'.repeat(500),
    ]
    test.each(noKeys.map(key => [key.slice(0, 20), key]))('takes no key %j', async (_, key) => {
      const store = await open()
      const calls = [
        () => store.get(key),
        () => store.put(key, bytes('x')),
        async () => store.create(key),
        () => store.has(key),
        () => store.touch(key),
        () => store.delete(key),
        () => keysIn(store, key === 'a/' ? '/' : key),
      ]
      for (const call of calls) await expect(call()).rejects.toThrow(/is not a (?:key of a store|prefix of keys)/)
    })

    test('readers of a key that is written over and over see one whole value each', async () => {
      const [writer, reader] = [await open('shared'), await open('shared')]
      const versions = Array.from({ length: 8 }, (_, version) => Buffer.alloc(200_000 + version * 1000, `${version}`))
      const known = new Set(versions.map(hash))
      await writer.put('a/b', versions[0] as Buffer)
      let isWriting = true
      const reading = (async () => {
        let reads = 0
        for (; isWriting || reads === 0; reads++) expect(known).toContain(hash((await reader.get('a/b')) as Buffer))
        return reads
      })()
      for (const version of versions) await Promise.all([writer.put('a/b', version), reader.put('a/b', version)])
      isWriting = false
      expect(await reading).toBeGreaterThan(0)
      expect(hash((await reader.get('a/b')) as Buffer)).toBe(hash(versions[7] as Buffer))
    })

    test('updates what is there, or not', async () => {
      const store = await open()
      await store.update('a/b', () => undefined)
      expect(await store.get('a/b')).toBeUndefined()
      const append = (before: Buffer | undefined) => bytes(`${before ?? ''}x`)
      await store.update('a/b', append)
      await store.update('a/b', append)
      await store.update('a/b', () => undefined)
      expect(`${await store.get('a/b')}`).toBe('xx')
      await expect(
        store.update('a/b', () => {
          throw new SyntaxError('not a record')
        }),
      ).rejects.toThrow(/^not a record$/)
      expect(await keysIn(store, 'a/')).toEqual(['a/b'])
    })

    test('loses no update of two that come at the same time, unless it says so', async () => {
      const stores = [await open('updated'), await open('updated')]
      const isExclusive = (await stores[0]?.isExclusive?.()) ?? true
      const names = Array.from({ length: 20 }, (_, index) => `${index}`)
      const add = (name: string) => (before: Buffer | undefined) =>
        bytes([...new Set(`${before ?? ''} ${name}`.trim().split(' '))].join(' '))
      await Promise.all(names.map((name, index) => (stores[index % 2] as Store).update('a/names', add(name))))
      const found = `${await stores[0]?.get('a/names')}`.split(' ')
      if (isExclusive) expect(found.sort()).toEqual(names.sort())
      else expect(names).toEqual(expect.arrayContaining(found))
    })

    test('takes many at a time', async () => {
      const store = await open()
      const keys = Array.from({ length: 60 }, (_, index) => `many/${String(index).padStart(3, '0')}`)
      await Promise.all(keys.map(key => store.put(key, bytes(key))))
      expect(await keysIn(store, 'many/')).toEqual(keys)
      expect((await Promise.all(keys.map(key => store.get(key)))).map(String)).toEqual(keys)
    })
  })
}

function hash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
