declare module '@mapseal-test/vite7' {
  /** Typed as Vite 8: what the fixtures use is the same in both. */
  export const vite: typeof import('vite')
  export const legacy: typeof import('@vitejs/plugin-legacy').default
}
