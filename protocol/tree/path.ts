// Paths of znodes: what is a legal one, and the walk to the parent. Only writes ask whether a path
// is legal; a read is a plain look-up, and a malformed path simply names nothing.
// [ZK-Java PathUtils.validatePath, PrepRequestProcessor.validatePathForCreate]

export const ROOT = '/';
export const SYSTEM = '/zookeeper';
export const QUOTA = '/zookeeper/quota';
export const CONFIG = '/zookeeper/config';

/** No client can delete these. */
export function isSystemPath(path: string): boolean {
  return path === ROOT || path === SYSTEM || path === QUOTA || path === CONFIG;
}

/** Forbidden in a path: control characters, surrogates and private use, specials. */
function isForbidden(unit: number): boolean {
  return (
    unit <= 0x1f ||
    (unit >= 0x7f && unit <= 0x9f) ||
    (unit >= 0xd800 && unit <= 0xf8ff) ||
    unit >= 0xfff0
  );
}

const SLASH = 0x2f;
const DOT = 0x2e;

/** Is the component `path[from, to)` usable: not empty, not `.` and not `..`? */
function isComponent(path: string, from: number, to: number): boolean {
  const length = to - from;
  if (length === 0) return false;
  if (length > 2 || path.charCodeAt(from) !== DOT) return true;
  return length === 2 && path.charCodeAt(from + 1) !== DOT;
}

/** Absolute, no empty or dot components, no trailing slash, no forbidden UTF-16 unit. */
export function isLegalPath(path: string): boolean {
  if (path === ROOT) return true;
  if (path.charCodeAt(0) !== SLASH) return false;
  let from = 1;
  for (let i = 1; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (isForbidden(unit)) return false;
    if (unit === SLASH) {
      if (!isComponent(path, from, i)) return false;
      from = i + 1;
    }
  }
  return isComponent(path, from, path.length);
}

/**
 * The weaker test that create and delete make first: a parent can be cut off, and there is no NUL.
 */
export function hasParent(path: string): boolean {
  return path.includes('/') && !path.includes('\0');
}

/** Everything before the last slash; the root for `/name`. The root is its own parent. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? ROOT : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function childOf(parent: string, name: string): string {
  return parent === ROOT ? ROOT + name : `${parent}/${name}`;
}
