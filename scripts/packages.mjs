// The published packages, by their manifests.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** @returns {{ dir: string, name: string, version: string }[]} `dir` is relative to the repository */
export function publishedPackages() {
  return readdirSync(join(ROOT, 'packages'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => ({ dir: `packages/${name}`, ...readJson(`packages/${name}/package.json`) }))
    .filter(manifest => !manifest.private)
    .map(({ dir, name, version }) => ({ dir, name, version }))
}

export function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}
