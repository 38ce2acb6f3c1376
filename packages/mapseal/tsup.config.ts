import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/*.ts', 'src/destinations/*.ts'],
  format: 'esm',
  dts: true,
  clean: true,
})
