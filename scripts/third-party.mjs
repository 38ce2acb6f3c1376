import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** @typedef {{ outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> }} Metafile */

/**
 * The text of a `THIRD-PARTY.md`: the packages whose code is in a build's output, with their licences.
 *
 * @param {Metafile} metafile of esbuild
 * @param {string} cwd what the metafile's paths are relative to
 * @returns {string | undefined} nothing where the build bundled no package
 */
export function thirdParty(metafile, cwd) {
  const inputs = Object.values(metafile.outputs).flatMap(output => Object.entries(output.inputs))
  const folders = new Set()
  for (const [path, { bytesInOutput }] of inputs) {
    const folder = bytesInOutput > 0 && packageFolder(resolve(cwd, path))
    if (folder) folders.add(folder)
  }
  const packages = [...folders].map(readPackage).sort((a, b) => (a.id < b.id ? -1 : 1))
  if (packages.length === 0) return undefined
  const sections = packages.map(({ id, license, text }) => `## ${id}\n\nLicence: ${license}\n\n${quoted(text)}\n`)
  return `# Third-party code in this package\n\n${sections.join('\n')}`
}

/**
 * @param {string} path of a file
 * @returns {string | undefined} nothing for files outside `node_modules`
 */
function packageFolder(path) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(path)?.[0]
}

/**
 * @param {string} folder
 * @throws where a package's licence is not known: it must be looked up before its code is shipped
 */
function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (typeof license !== 'string') throw new Error(`${name} names no licence, so it cannot be bundled.`)
  const file = readdirSync(folder).find(entry => /^licen[cs]e(?:\.\w+)?$/i.test(entry))
  return { id: `${name} ${version}`, license, text: file ? readFileSync(join(folder, file), 'utf8') : undefined }
}

/** @param {string | undefined} text */
function quoted(text) {
  return text === undefined ? 'The package has no licence file.' : text.trim().replace(/^/gm, '> ').replace(/ +$/gm, '')
}
