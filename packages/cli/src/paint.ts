import { styleText } from 'node:util'
import type { Io, Output } from './io.ts'

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

/** Colours a text where its reader wants colours: `FORCE_COLOR` over `NO_COLOR` over whether it is a terminal. */
export function createPaint({ env }: Io, output: Output): Paint {
  if (!wantsColour(env, output)) return (_, text) => text
  return (format, text) => styleText(format, text, { validateStream: false })
}

function wantsColour(env: NodeJS.ProcessEnv, output: Output): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.NO_COLOR) return false
  return output.isTTY === true && env.TERM !== 'dumb'
}
