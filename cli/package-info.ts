// Where this package is and which version: the same from the sources and from dist/.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

const PACKAGE_ROOT = packageRoot();
export const SCENARIOS_FOLDER = join(PACKAGE_ROOT, 'scenarios');

/** A file of the page that reports are made of; it is built beside the program. */
export function pagePath(name: string): string {
  return join(PACKAGE_ROOT, 'dist', 'viewer', name);
}

export function packageVersion(): string {
  const text = readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

/** What a failure report says about where it was made. */
export function madeBy(): string {
  const { version, platform, arch } = process;
  return `zabsim=${packageVersion()} node=${version.slice(1)} ${platform}-${arch}`;
}
