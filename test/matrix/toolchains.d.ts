// Typed as the newest versions: what the fixtures use is the same in all.

declare module '@mapseal-test/vite5' {
  export const vite: typeof import('vite')
  export const legacy: typeof import('@vitejs/plugin-legacy').default
}

declare module '@mapseal-test/vite6' {
  export const vite: typeof import('vite')
  export const legacy: typeof import('@vitejs/plugin-legacy').default
}

declare module '@mapseal-test/vite7' {
  export const vite: typeof import('vite')
  export const legacy: typeof import('@vitejs/plugin-legacy').default
}

declare module '@mapseal-test/vite8-0' {
  export const vite: typeof import('vite')
}

declare module '@mapseal-test/oldest' {
  export function loadVite(): Promise<typeof import('vite')>
  export function loadRollup(version: 3 | 4): Promise<typeof import('rollup')>
  export function loadRolldown(): Promise<typeof import('rolldown')>
  export function loadEsbuild(): Promise<typeof import('esbuild')>
  export function loadTooOldVite(): Promise<typeof import('vite')>
  export function loadTooOldRollup(): Promise<typeof import('rollup')>
  export const tooOldViteDir: string
  export function requireWebpack(): typeof import('webpack')
  export function requireRspack(version: 1 | '1.0'): typeof import('@rspack/core')
}

declare module '@mapseal-test/tsdown' {
  export function build(options: object): Promise<unknown>
}
