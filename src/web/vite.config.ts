import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    manifest: true,
    // The documentation of the API is a page of its own, so that the app does not carry it.
    rollupOptions: { input: [`${import.meta.dirname}/index.html`, `${import.meta.dirname}/api-docs.html`] },
    target: 'es2022',
    // An inlined file would be a data: address, which the content security policy refuses for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The library of the large drawings, which no first page loads.
    chunkSizeWarningLimit: 600,
  },
});
