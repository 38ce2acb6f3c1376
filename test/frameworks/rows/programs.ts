import type { Row } from '../run/row.ts'

const dist: Pick<Row, 'outputs' | 'deployed'> = { outputs: ['dist'], deployed: ['dist'] }

/** What Node.js or another runtime loads: libraries, services, functions. */
export const programs: Row[] = [
  {
    name: 'library-vite',
    title: 'a library with Vite',
    framework: 'vite',
    hook: 'plugins: [mapseal()]',
    build: [['vite/bin/vite.js', 'build']],
    ...dist,
    run: { kind: 'program', start: ['call.mjs'] },
  },
  {
    name: 'library-tsdown',
    title: 'a library with tsdown',
    framework: 'tsdown',
    hook: 'plugins: [mapseal()]',
    build: [['tsdown/dist/run.mjs']],
    ...dist,
    run: { kind: 'program', start: ['call.mjs'] },
  },
  {
    name: 'library-unbuild',
    title: 'a library with unbuild',
    framework: 'unbuild',
    hook: "in the hook 'rollup:options'",
    build: [['unbuild/dist/cli.mjs']],
    ...dist,
    run: { kind: 'program', start: ['call.mjs'] },
  },
  {
    name: 'service-tsup',
    title: 'a Node.js service with tsup',
    framework: 'tsup',
    hook: 'esbuildPlugins: [mapseal()]',
    build: [['tsup/dist/cli-default.js']],
    ...dist,
    run: { kind: 'program', start: ['dist/index.js'] },
  },
  {
    name: 'lambda',
    title: 'AWS Lambda with esbuild',
    framework: 'esbuild',
    hook: 'mapseal run -- esbuild …',
    build: [
      [
        'mapseal',
        'run',
        '--',
        'esbuild',
        'src/handler.ts',
        '--bundle',
        '--platform=node',
        '--format=esm',
        '--outfile=dist/handler.mjs',
      ],
    ],
    ...dist,
    run: { kind: 'program', start: ['call.mjs'] },
  },
  {
    name: 'metro',
    title: 'Metro, Hermes bytecode beside it',
    framework: 'metro',
    hook: 'mapseal run -- metro build …',
    build: [
      ['../bytecode.mjs'],
      ['mapseal', 'run', '--', 'metro', 'build', 'src/index.js', '--out', 'dist/index', '--minify'],
    ],
    ...dist,
    run: { kind: 'program', start: ['call.mjs'] },
  },
  {
    name: 'worker',
    title: 'Cloudflare Worker',
    framework: 'wrangler',
    hook: 'mapseal run -- wrangler deploy --dry-run --outdir dist',
    build: [['mapseal', 'run', '--', 'wrangler', 'deploy', '--dry-run', '--outdir', 'dist']],
    ...dist,
    run: { kind: 'program', start: ['call.mjs'] },
  },
]
