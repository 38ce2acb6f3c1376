import type { Bundler } from './bundlers.ts'

/** Configs that scripts of `package.json` build with, by `--config`; '' for the one that is found by its name. */
export function namedConfigs(scripts: Record<string, string>, { name, build }: Bundler): string[] {
  const [command = '', verb] = build ?? []
  const found = Object.values(scripts).flatMap(script =>
    script.split(/&&|\|\||[;&|]/).flatMap(part => {
      const words = part.trim().split(/\s+/)
      const at = words.findIndex(word => word === name || word === command)
      const args = words.slice(at + 1)
      if (at < 0 || args.some(word => /^(?:-w|--watch|serve|dev|preview)$/.test(word))) return []
      // Alone, Vite serves.
      if (name === 'vite' && !args.includes(verb ?? '')) return []
      return [configIn(args) ?? '']
    }),
  )
  return [...new Set(found)]
}

/** What follows `--config` or `-c`, if anything does. */
function configIn(args: string[]): string | undefined {
  const at = args.findIndex(word => /^(?:-c|--config)(?:=|$)/.test(word))
  const [, inline] = args[at]?.split('=') ?? []
  const value = inline ?? (at < 0 ? undefined : args[at + 1])
  return value?.startsWith('-') ? undefined : value?.replace(/^(["'])(.*)\1$/, '$2').replace(/^\.\//, '')
}

/** The script that runs a file to build, rather than to watch. */
export function scriptOf(scripts: Record<string, string>, path: string): string | undefined {
  const running = Object.entries(scripts).filter(([, text]) => text.includes(path) && !/--watch|--serve/.test(text))
  const [, text] = running.find(([name]) => name === 'build') ?? running[0] ?? []
  return text
}
