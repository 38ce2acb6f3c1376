export { default as legacy } from '@vitejs/plugin-legacy'
export * as vite from 'vite'
