import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFetch } from '@mapseal/core/http'
import { expect, test } from 'vitest'
import { startRecorder } from '../packages/destinations/src/contract/index.ts'
import { cases } from './uploaders/cases.ts'
import { differencesOf } from './uploaders/compare.ts'
import { artifactsOf, makeProject, packageFile, recordOf } from './uploaders/project.ts'

/** Each uploader that is on the npm registry sends what the destination for its vendor sends, or the difference has a reason. */

test.each(cases)('$destination sends what $uploader does', async ({ upload, create, answer, differences }) => {
  const recorder = await startRecorder(answer)
  await using project = await makeProject()
  try {
    await upload(recorder.origin, project)
    const theirs = recorder.requests.splice(0)
    const artifacts = await artifactsOf(project.dist)
    expect(artifacts.map(({ path }) => path)).toEqual(['lazy.js', 'main.js'])
    // Ours reads the repository of the working folder, which a test cannot change.
    Object.assign(process.env, { GIT_DIR: join(project.dir, '.git'), GIT_WORK_TREE: project.dir })
    const { signal } = new AbortController()
    const client = createFetch({ signal, userAgent: 'mapseal/test' })
    const each = (async function* () {
      yield* artifacts
    })()
    const logger = { info() {}, warn() {}, error() {} }
    await create(recorder.origin).deliver(recordOf(artifacts), each, { fetch: client.fetch, signal, logger })
    await client.close()
    expect(differencesOf(theirs, recorder.requests)).toEqual(Object.keys(differences).sort())
  } finally {
    delete process.env.GIT_DIR
    delete process.env.GIT_WORK_TREE
    await recorder.close()
  }
})

test('the page of comparisons has a row for each', async () => {
  const rows = cases.map(({ destination, uploader, differences }) => {
    const { version } = JSON.parse(readFileSync(packageFile(uploader), 'utf8'))
    const names = Object.entries(differences).map(([name, reason]) => `\`${name}\`: ${reason}`)
    return [
      `[\`${destination}\`](destinations/${destination}.md)`,
      `${uploader} ${version}`,
      names.join('; ') || 'equal',
    ]
  })
  const table = [['destination', 'uploader', 'requests'], ['---', '---', '---'], ...rows]
  const text = table.map(cells => `| ${cells.join(' | ')} |\n`).join('')
  await expect(`${introduction}\n${text}`).toMatchFileSnapshot(join(import.meta.dirname, '../docs/uploaders.md'))
})

const introduction = `# Compared with the vendors' uploaders

A [test](../test/uploaders.test.ts) builds a project with each of these uploaders, delivers the same files with the destination, and
compares method, path, headers, fields and the bytes of files, as a server on loopback gets them. This table is written by it.
`
