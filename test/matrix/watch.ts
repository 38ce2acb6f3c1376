import { type FSWatcher, watch } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMap } from './files.ts'

export interface Watcher {
  /** Ends the watch. @returns each map that was in the folder at any instant, relative to it */
  stop(): Promise<string[]>
}

/**
 * Watches a folder for maps. The kernel keeps events of a watched folder while the process is busy, so `folders` names
 * those that the build will write into: they are made and watched beforehand. Others are found by polling.
 */
export async function watchForMaps(dir: string, folders: Iterable<string>): Promise<Watcher> {
  const watchers = new Map<string, FSWatcher>()
  const seen = new Set<string>()

  const note = (folder: string, name: string) => {
    if (isMap(name)) seen.add(join(folder, name))
  }
  const add = (folder: string) => {
    if (watchers.has(folder)) return
    watchers.set(
      folder,
      watch(join(dir, folder), (_, name) => note(folder, name ?? '')),
    )
  }
  const poll = async () => {
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const folder = entry.parentPath.slice(dir.length + 1)
      if (entry.isDirectory()) add(join(folder, entry.name))
      else note(folder, entry.name)
    }
  }

  for (const folder of ['', ...folders]) {
    await mkdir(join(dir, folder), { recursive: true })
    add(folder)
  }
  const timer = setInterval(poll, 10)
  return {
    async stop() {
      clearInterval(timer)
      await poll()
      await sleep(20)
      for (const watcher of watchers.values()) watcher.close()
      return [...seen]
    },
  }
}
