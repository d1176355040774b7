import { defineConfig } from 'vite'
import { sayGzipSize } from './size.ts'

export default defineConfig({
  base: './',
  plugins: [sayGzipSize()],
  // The server's content security policy forbids inline scripts and foreign hosts; nothing may end up as a data URL.
  build: {
    target: 'es2022',
    // Browsers that know `light-dark()`.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // `npx vite viewer` beside a running Rollcall: what the built viewer gets from its own server.
  server: {
    proxy: {
      '/api': { target: 'http://127.0.0.1:8080' },
      '/ws': { target: 'ws://127.0.0.1:8080', ws: true, rewriteWsOrigin: true, changeOrigin: true },
    },
  },
})
