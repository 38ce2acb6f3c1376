export * as vite from 'vite'
