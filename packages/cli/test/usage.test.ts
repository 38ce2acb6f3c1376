import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { commands } from '../src/main.ts'
import { run } from './run.ts'

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('lists every command: %j', async args => {
    const { code, stdout } = await run(args)
    expect(code).toBe(0)
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^  ${name}\\b.*${summary}$`, 'm'))
  })

  it.each(commands)('of $name shows its options and an example', async ({ name, options, examples }) => {
    const { code, stdout } = await run([name, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: mapseal ${name}`)
    for (const option of [...Object.keys(options), 'json']) expect(stdout).toContain(`--${option}`)
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(stdout).toContain(`\n  ${example}\n`)
    expect(await run(['help', name])).toEqual(await run([name, '-h']))
  })
})

it.each(['--version', '-v'])('%s prints the version', async option => {
  expect(await run([option])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
})

describe('what is not understood ends with exit code 2 and a hint', () => {
  it.each([
    [['chekc', 'dist'], 'There is no command "chekc". Did you mean "check"? Try "mapseal --help".'],
    [['--verison'], 'There is no option "--verison". Try "mapseal --help".'],
    [['check', 'dist', '--jsno'], 'There is no option --jsno. Did you mean "--json"? Try "mapseal check --help".'],
    [['check', 'dist', '-x'], 'There is no option -x.'],
    [['releases', '--release', '1'], 'There is no option --release.'],
    [['check'], '<dir> is missing. Try "mapseal check --help".'],
    [['check', 'a', '--deep=yes'], '--deep takes no value. Try "mapseal check --help".'],
    [['symbolicate', 'a', 'b'], 'Unexpected argument "b".'],
    [['releases', 'a'], 'There is no "a" of builds: show or delete.'],
    [['releases', 'show'], 'The build is missing: mapseal releases show BUILD'],
    [['releases', 'show', 'a', 'b'], 'Unexpected argument "b".'],
    [['releases', '--limit', 'all'], '--limit takes a number from 1 to 999999, not "all".'],
    [['release'], '<new|set-commits|finalize|list|files|deploys> is missing.'],
    [['release', 'archive', '1.0'], 'There is no "archive" of releases.'],
    [['release', 'new', '1.0', '2.0'], 'Unexpected argument "2.0".'],
    [['releases', 'new', '1.0', '2.0'], 'Unexpected argument "2.0".'],
    [['releases', '-p', 'web', 'list', 'x'], 'Unexpected argument "x".'],
    [['release', 'files', '1.0', 'upload-sourcemaps'], 'Write "files VERSION upload-sourcemaps DIR"'],
    [['release', 'deploys', '1.0'], 'Write "deploys VERSION new --env NAME"'],
    [['release', 'deploys', '1.0', 'new'], '--env is missing'],
    [
      ['release', 'deploys', '1.0', 'new', '-e', 'x', '--started', 'noon'],
      '--started takes Unix seconds or an ISO 8601',
    ],
    [['release', 'deploys', '1.0', 'new', '-e', 'x', '-t', 'x'], '--time takes seconds, not "x".'],
    [['release', 'set-commits', '1.0', '-c', 'acme'], '--commit takes REPO@SHA or REPO@PREVIOUS..SHA, not "acme".'],
    [['release', 'set-commits', '1.0', '--auto', '-c', 'a@b'], '--auto and --commit cannot be combined.'],
    [['releases', '--vault'], '--vault needs a value: --vault DIR.'],
    [['releases', '--vault', '--json'], '--vault needs a value: --vault DIR.'],
    [['releases', '--vault='], '--vault needs a value: --vault DIR.'],
    [['serve', '--retain', '-1'], '--retain takes a number from 1 to 999999, not "-1".'],
    [['serve', '--port', 'abc'], '--port takes a number from 0 to 65535, not "abc".'],
    [['serve', '--port', '99999'], '--port takes a number from 0 to 65535, not "99999".'],
    [['serve', '--retain', '-x'], '--retain needs a value: --retain NUMBER.'],
    [['serve', '--access', 'read'], '"mapseal serve" takes no --access.'],
    [['serve', '--name', 'x'], '"mapseal serve" takes no --name.'],
    [['serve', 'token', 'create', '--access', 'read', '--port', '5'], '"mapseal serve token create" takes no --port.'],
    [['serve', 'token', 'list', '--access', 'read'], '"mapseal serve token list" takes no --access.'],
    [['symbolicate', '--server', 'http://127.0.0.1:9', '--vault', 'x'], '--server and --vault cannot be combined'],
    [['symbolicate', '--server', 'http://127.0.0.1:9', '--config', 'x'], '--server and --config cannot be combined'],
    [['symbolicate', '--debug-id', 'abc'], '--debug-id takes URL=ID, not "abc".'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(args)
    expect(stderr).toContain(`[mapseal] [cli] ${message}`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

it.each([
  ['--help', ''],
  ['symbolicate --follow', 'a line\n'.repeat(100_000)],
])('%s ends without an error where its reader stops before the end, as `head` does', async (words, stdin) => {
  const end =
    'import(process.argv[1]).then(({ main }) => main(process.argv.slice(2)).then(code => (process.exitCode = code)))'
  const source = join(import.meta.dirname, '../src/main.ts')
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const child = spawn(process.execPath, [
    '-C',
    'mapseal-source',
    '--import',
    loader,
    '-e',
    end,
    source,
    ...words.split(' '),
  ])
  child.stdout.destroy()
  child.stdin.on('error', () => {}).end(stdin)
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect({ code: child.exitCode, stderr }).toEqual({ code: 0, stderr: '' })
})
