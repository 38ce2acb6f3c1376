import { expect, test } from 'vitest'
import type { Destination } from '../src/deliver/destination.ts'
import { matchUrl, previewUrls } from '../src/deliver/match.ts'
import type { BuildRecord } from '../src/types.ts'

const debugId = '11111111-2222-8333-8444-555555555555'
const blob = { sha256: '', size: 1, pack: '', offset: 0, length: 0, crc32: 0 }
const fileOf = (path: string) => ({ path, outDir: 'dist', debugId, code: blob, map: blob })
const files = [fileOf('assets/app.js'), fileOf('assets/größe.js')]
const build: BuildRecord = { id: 'b', version: 1, createdAt: '', files, deliveries: {} }

const deliver = async () => ({ artifacts: 0 })
const byId: Destination = { name: 'ids', deliver }
const byUrl: Destination = {
  name: 'urls',
  deliver,
  matches(path, _build, { urls }) {
    if (!urls) throw new Error('urls are not set')
    return urls(path)
  },
}
const byPath: Destination = { name: 'paths', deliver, matches: path => [`*/${path}`] }

const picked = (url: string, urls?: string) =>
  matchUrl(url, build, [byId, byUrl, byPath], urls).map(match =>
    match.by === 'nothing' ? [match.destination, match.reason] : [match.destination, match.by, match.file.path],
  )

test('says which map each destination takes', () => {
  expect(picked('https://shop.example/assets/app.js?v=2', 'https://shop.example')).toEqual([
    ['ids', 'debug ID', 'assets/app.js'],
    ['urls', 'URL', 'assets/app.js'],
    ['paths', 'URL', 'assets/app.js'],
  ])
})

test('says what is near where none fits, and what is missing', () => {
  const [ids, urls, paths] = picked('https://cdn.example/x.js', 'https://shop.example/')
  expect(ids).toEqual(['ids', 'No script of the build has a path that the URL ends in.'])
  expect(urls).toEqual([
    'urls',
    'No map has this URL. Theirs are https://shop.example/assets/app.js, https://shop.example/assets/gr%C3%B6%C3%9Fe.js.',
  ])
  expect(paths?.[1]).toMatch(/^No map has this URL/)
  expect(picked('https://shop.example/assets/app.js')[1]).toEqual(['urls', 'urls are not set'])
})

test('a name that is not ASCII, and the characters of patterns', () => {
  expect(picked('https://shop.example/assets/gr%C3%B6%C3%9Fe.js', 'https://shop.example')[0]).toEqual([
    'ids',
    'debug ID',
    'assets/größe.js',
  ])
  const dots = { ...byUrl, matches: () => ['https://a.b/x.js'] }
  expect(matchUrl('https://a-b/x.js', build, [dots])).toMatchObject([{ by: 'nothing' }])
})

test('the preview has the URLs of those that go by URL', () => {
  expect(previewUrls(build, [byId, byUrl, byPath])).toEqual({
    paths: { 'assets/app.js': ['*/assets/app.js'], 'assets/größe.js': ['*/assets/größe.js'] },
  })
})
