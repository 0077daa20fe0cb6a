// The page of a report as one file: a built script and its style, each allowed by its hash and
// nothing else; the data, which no browser executes; and for a reader without scripts the verdict
// as text. Every text that came from a scenario is escaped here or is inside of the data.
import { escape } from './linearizability.js';

export interface PageParts {
  readonly title: string;
  readonly script: string;
  readonly style: string;
  /** Base64 of the SHA-256 of script and style. */
  readonly scriptHash: string;
  readonly styleHash: string;
  /** Base64 of deflated data. */
  readonly payload: string;
  /** What is told without the script. */
  readonly summary: readonly string[];
}

export function htmlPage(parts: PageParts): string {
  const { title, script, style, scriptHash, styleHash, payload, summary } = parts;
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript>
<h1>${escape(title)}</h1>
<pre>${summary.map(escape).join('\n')}</pre>
<p>The timeline is drawn by a script. It is in this file, and loads nothing.</p>
</noscript>
<script type="application/octet-stream" id="data">${payload}</script>
<script>${script}</script>
</body>
</html>
`;
}
