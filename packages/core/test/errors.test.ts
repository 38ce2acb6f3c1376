import { expect, test } from 'vitest'
import { HttpError, MapsealError, ownFrames, reason } from '../src/errors.ts'

test('a message of ours has no prefix of its own inside another', () => {
  const inner = new HttpError('https://x answered 500.')
  const outer = new MapsealError('vault', `It cannot be read: ${reason(inner)}`)
  expect(outer.message).toBe('[mapseal] [vault] It cannot be read: https://x answered 500.')
  expect(reason(new Error('EACCES: permission denied'))).toBe('EACCES: permission denied')
  expect(reason('text')).toBe('text')
})

test("a stack shows the user's own code alone", () => {
  const stack = [
    'Error: [mapseal] [options] What.',
    '    at resolveOptions (file:///shop/node_modules/@mapseal/core/dist/index.js:1:2)',
    '    at mapseal (C:\\shop\\node_modules\\mapseal\\dist\\vite.js:1:2)',
    '    at Object.<anonymous> (/shop/vite.config.ts:5:7)',
    '    at async Promise.all (index 7)',
    '    at new Promise (<anonymous>)',
    '    at ModuleJob.run (node:internal/modules/esm/module_job:329:25)',
    '    at async build (file:///shop/node_modules/vite/dist/node/index.js:1:2)',
  ]
  expect(ownFrames(stack.join('\n')).split('\n')).toEqual([stack[0], stack[3], stack[4]])
  expect(new MapsealError('options', 'What.').stack).not.toContain('node_modules')
})
