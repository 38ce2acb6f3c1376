import { loadConfig, MapsealError, matchUrl, openVault, resolveOptions } from '@mapseal/core'
import type { CommandInput } from './command.ts'
import type { Io } from './io.ts'
import { createPaint } from './paint.ts'
import { readBuilds } from './vault.ts'

/** Says which map each destination takes for the URL of a stack frame, of the newest build in the vault. */
export async function checkUrl(url: string, { values, isJson }: CommandInput, io: Io): Promise<number> {
  const options = resolveOptions(await loadConfig(io.cwd, values.config?.[0]), io.env)
  if (options.destinations.length === 0)
    throw new MapsealError(
      'check',
      '--url asks what destinations do, and there are none in mapseal.config.{ts,js,mjs}.',
    )
  const vault = openVault(values.vault?.[0] ?? options.vault, io.cwd, options)
  const [build] = await readBuilds(vault, io)
  const matches = build ? matchUrl(url, build, options.destinations, options.urls) : []
  if (isJson) io.stdout.write(`${JSON.stringify({ url, build: build?.id, matches }, null, 2)}\n`)
  else {
    const paint = createPaint(io, io.stdout)
    for (const match of matches) {
      const [mark, text] =
        match.by === 'nothing'
          ? [paint('red', '✗'), match.reason]
          : [
              paint('green', '✓'),
              `${match.file.path}, by ${match.by}${match.by === 'URL' ? '' : ` ${match.file.debugId}`}`,
            ]
      io.stdout.write(`${mark} ${match.destination}: ${text}\n`)
    }
  }
  return matches.some(({ by }) => by === 'nothing') ? 1 : 0
}
