import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Commands that have no place for a plugin and make no source maps unless they are told to: what tells them. */
const flags: { command: RegExp; flag: string }[] = [
  { command: /^ng build\b(?!.*--(?:no-)?source-map)/, flag: '--source-map' },
  { command: /^tsc\b(?!.*--(?:inlineSourceMap|sourceMap)\b)/i, flag: '--sourceMap' },
  // Without a place for its output, esbuild refuses to write a source map.
  { command: /^esbuild\b(?=.*--out(?:file|dir)=)(?!.*--sourcemap)/, flag: '--sourcemap' },
  { command: /^metro build\b(?!.*--(?:no-)?source-map)/, flag: '--source-map' },
]

/**
 * Adds to a build command what makes its tool write source maps. Of a script of `package.json`, only the last command can be given
 * more, and a line for the shell is left alone.
 *
 * @param cwd the folder of the `package.json`
 */
export async function withMaps(words: string[], cwd: string): Promise<string[]> {
  const [runner = '', ...rest] = words
  const isRunner = /^(?:npx|bunx)$/.test(runner)
  const script = await scriptOf(words, cwd)
  const command = script?.split(/&&|;/).at(-1)?.trim() ?? (isRunner ? rest : words).join(' ')
  const flag = flags.find(({ command: pattern }) => pattern.test(command))?.flag
  if (flag === undefined || (words.length === 1 && /\s/.test(runner))) return words
  return script !== undefined && runner === 'npm' && !words.includes('--') ? [...words, '--', flag] : [...words, flag]
}

/** The text of the script that `npm run build` and its like run. */
async function scriptOf([runner = '', ...rest]: string[], cwd: string): Promise<string | undefined> {
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(runner)) return undefined
  const name = rest[0] === 'run' ? rest[1] : rest[0]
  try {
    const { scripts } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8'))
    return typeof scripts?.[name as string] === 'string' ? scripts[name as string] : undefined
  } catch {
    return undefined // Without a manifest that can be read, the runner itself says what is wrong.
  }
}
