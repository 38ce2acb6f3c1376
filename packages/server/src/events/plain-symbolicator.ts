import { type StackLine, symbolicate, symbolicateLines, type Vault } from '@mapseal/core'
import type { FrameQuery, ResolvedFrame, Symbolicator } from '../symbolicate/index.ts'
import { isEngineFile } from './in-app.ts'

const contextLines = 5

/** Reads with the core's own reader, in this thread, one map after the other. */
export function plainSymbolicator(vault: Vault): Symbolicator {
  return {
    async frames(frames, release) {
      const debugIds = Object.fromEntries(
        frames.flatMap(({ file, debugId }) => (file && debugId ? [[file, debugId]] : [])),
      )
      const options = { debugIds, contextLines, ...(release && { release: release.name }) }
      const { lines } = await symbolicateLines(frames.map(lineOf), vault, options)
      return lines.map((line): ResolvedFrame => {
        if (line.kind === 'original')
          return { kind: 'original', original: line.original, path: line.path, debugId: line.debugId }
        if (line.kind === 'unresolved') return { kind: 'unresolved', reason: line.reason, message: line.message }
        return { kind: 'native' }
      })
    },
    stack: (text, { release, debugIds } = {}) =>
      symbolicate(text, vault, {
        contextLines,
        ...(debugIds && { debugIds }),
        ...(release && { release: release.name }),
      }),
    async close() {},
  }
}

function lineOf({ file, line, column, function: name, isAsync = false }: FrameQuery): StackLine {
  if (!file || line === 0 || isEngineFile(file)) return { kind: 'native', raw: '' }
  const position = {
    isAsync,
    url: file,
    line,
    ...(column !== undefined && { column }),
    ...(name && { function: name }),
  }
  return { kind: 'frame', raw: '', frame: position }
}
