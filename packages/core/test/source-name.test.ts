import { expect, test } from 'vitest'
import { sourceName } from '../src/symbolicate/source-name.ts'

test.each([
  ['webpack://shop/./src/a.ts', 'src/a.ts'],
  ['webpack://shop/src/a.ts', 'src/a.ts'],
  ['webpack:///./src/a.ts', 'src/a.ts'],
  ['webpack://@acme/shop/src/a.ts', 'src/a.ts'],
  ['webpack://_N_E/./app/[id]/page.tsx', 'app/[id]/page.tsx'],
  ['webpack://shop/../ui/button.tsx', 'ui/button.tsx'],
  ['webpack://shop/./src/App.vue?9f3c', 'src/App.vue'],
  ['webpack-internal:///(rsc)/./app/page.tsx', 'app/page.tsx'],
  ['rspack://shop/./src/a.ts', 'src/a.ts'],
  ['turbopack:///[project]/app/x.tsx', 'app/x.tsx'],
  ['turbopack://[project]/app/x.tsx', 'app/x.tsx'],
  ['turbopack:///[turbopack]/browser/runtime.ts', '[turbopack]/browser/runtime.ts'],
  ['file:///home/app/src/a.ts', '/home/app/src/a.ts'],
  ['/home/app/src/a.ts', '/home/app/src/a.ts'],
  ['../../src/a.ts', 'src/a.ts'],
  ['./src/a.ts', 'src/a.ts'],
  ['src/a.ts', 'src/a.ts'],
  ['app/(shop)/page.tsx', 'app/(shop)/page.tsx'],
  ['.storybook/preview.ts', '.storybook/preview.ts'],
  ['src/a?.ts', 'src/a?.ts'],
  ['src/routes/index.jsx?tsr-split=component', 'src/routes/index.jsx'],
])('%s is %s', (source, name) => {
  expect(sourceName(source)).toBe(name)
})

test.each([
  ['.out/src/a.ts', '.out', 'src/a.ts'],
  ['apps/web/src/a.ts', 'apps/web', 'apps/web/src/a.ts'],
  ['dist/client/src/a.ts', 'dist/client', 'src/a.ts'],
  ['src/a.ts', 'src', 'src/a.ts'],
  ['src/a.ts', 'dist', 'src/a.ts'],
  ['distant/a.ts', 'dist', 'distant/a.ts'],
])('%s of a script in %s is %s', (source, outDir, name) => {
  expect(sourceName(source, outDir)).toBe(name)
})
