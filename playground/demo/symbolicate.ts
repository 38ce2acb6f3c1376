import { openVault } from '@mapseal/core'
import { type SymbolicatedLine, symbolicate } from '@mapseal/core/symbolicate'
import type { ErrorReport } from '../src/errors.ts'

/** A stack, symbolicated from the vault. */
export interface Stack {
  /** Its first line. */
  message: string
  /** Frames of generated code. */
  frames: Frame[]
  /** The script that threw, below its output folder. */
  script: string | undefined
}

/** A frame before and after. */
export interface Frame {
  /** As the engine printed it. */
  raw: string
  original?: Original
}

export interface Original {
  source: string
  /** From 1. */
  line: number
  /** From 0. */
  column: number
  function?: string
  /** The source line. */
  text: string
  /** It and its neighbours. */
  excerpt: SourceLine[]
}

export interface SourceLine {
  number: number
  text: string
}

/** By debug ID alone: the registry maps each script to its ID. */
export async function readStack({ stack, registry }: ErrorReport, folder: string): Promise<Stack> {
  const { lines } = await symbolicate(stack, openVault(folder, import.meta.dirname), { debugIds: debugIdsOf(registry) })
  const thrown = lines.find(line => line.kind === 'original')
  return { message: lines[0]?.raw ?? '', frames: lines.flatMap(frameOf), script: thrown?.path }
}

/** By URL. The registry's keys are stacks, whose first URL is that of the script. */
function debugIdsOf(registry: Record<string, string>): Record<string, string> {
  const pairs = Object.entries(registry).flatMap(([stack, id]) => {
    const [url] = /https?:\S+(?=:\d+:\d+)/.exec(stack) ?? []
    return url ? [[url, id]] : []
  })
  return Object.fromEntries(pairs)
}

function frameOf(line: SymbolicatedLine): Frame[] {
  if (line.kind === 'unresolved') return [{ raw: line.raw }]
  if (line.kind !== 'original') return []
  const { context, ...place } = line.original
  const excerpt = (context?.lines ?? []).map((text, index) => ({ number: (context?.firstLine ?? 1) + index, text }))
  const text = excerpt.find(({ number }) => number === place.line)?.text ?? ''
  return [{ raw: line.raw, original: { ...place, text, excerpt } }]
}
