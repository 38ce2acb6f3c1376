import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fixturesDir } from './project.ts'
import type { BundleCase, Case, FolderCase } from './types.ts'

async function loadCases(): Promise<[string, Case][]> {
  const names = (await readdir(fixturesDir, { withFileTypes: true })).filter(entry => entry.isDirectory())
  return Promise.all(
    names.map(async ({ name }): Promise<[string, Case]> => {
      const url = pathToFileURL(join(fixturesDir, name, 'case.ts')).href
      const module = (await import(/* @vite-ignore */ url)) as { default: Case }
      return [name, module.default]
    }),
  )
}

export async function bundleCases(): Promise<[string, BundleCase][]> {
  return (await loadCases()).filter((entry): entry is [string, BundleCase] => entry[1].kind === 'bundle')
}

export async function folderCases(): Promise<[string, FolderCase][]> {
  return (await loadCases()).filter((entry): entry is [string, FolderCase] => entry[1].kind === 'folder')
}
