// Tests live in test/, by room. They share two cores with whatever else runs, so no test measures
// time, and the limit is there for loops that never end.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build-page.ts'],
    testTimeout: 60_000,
    reporters: ['default'],
  },
});
