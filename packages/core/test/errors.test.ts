import { expect, test } from 'vitest'
import { HttpError, MapsealError, reason } from '../src/errors.ts'

test('a message of ours has no prefix of its own inside another', () => {
  const inner = new HttpError('https://x answered 500.')
  const outer = new MapsealError('vault', `It cannot be read: ${reason(inner)}`)
  expect(outer.message).toBe('[mapseal] [vault] It cannot be read: https://x answered 500.')
  expect(reason(new Error('EACCES: permission denied'))).toBe('EACCES: permission denied')
  expect(reason('text')).toBe('text')
})
