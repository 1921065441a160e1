// Writes what a stranger might into a programme: markup, scripts and characters that move text. Usage: hostile.mjs FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const folder = process.argv[2];
const write = (path, text) => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const markup = "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>";
const breaks = "\"'></a></summary></script></style>--><svg onload=window.pwned=1>";
const moves = "a\\u202eb\\u2066c\\u0007d";

write(
  "controls/hostile.yaml",
  `- id: hostile-one
  title: "${markup}"
  description: |
    ${breaks}
    {% raw %}<iframe src="https://example.invalid/"></iframe>{% endraw %}
    javascript:window.pwned=1
  owner: security-lead
  status: implemented
  effective_from: 2026-01-01
  cadence: quarterly
  criteria: [CC6.2]
  policies: [access-control#access-reviews]
  aliases: ["${moves}", "data:text/html,<script>window.pwned=1</script>"]
- id: hostile-two
  title: "${breaks.replaceAll('"', '\\"')}"
  description: "${moves}"
  owner: "<b>nobody</b>&slot=missed"
  status: implemented
  effective_from: 2026-01-01
  cadence: monthly
  criteria: ["CC6.1&x=<i>"]
  policies: ["<u>none</u>#x"]
`,
);
write("evidence/hostile-one/2026-q1/file.txt", "x\n");
write(
  "evidence/hostile-one/2026-q1/manifest.yaml",
  `title: "${markup}"
controls: [hostile-one]
kind: ticket
performed: { on: 2026-03-20, by: "<b>eve</b>" }
result: { outcome: failed, summary: "${moves}${markup}" }
artifacts:
  - path: file.txt
    sha256: "${"0".repeat(64)}"
    bytes: 2
    query: "<script>window.pwned=1</script>"
  - url: "javascript:window.pwned=1"
    sha256: "${"1".repeat(64)}"
`,
);
write(
  "policies/hostile.md",
  `---
id: hostile
title: ${JSON.stringify(markup + breaks)}
owner: security-lead
audience: ${JSON.stringify(breaks)}
---
# ${markup}

${markup} {% raw %}<iframe src="https://example.invalid/"></iframe>{% endraw %}

[a](javascript:window.pwned=1) [b](data:text/html,x) [c](https://example.invalid/"onclick="x) ![d](https://example.invalid/x.png)
![e](javascript:window.pwned=1) [f](//example.invalid/) [g](file:///etc/passwd)

## ${markup} {#_main"onclick="window.pwned=1}

| ${markup} |
| --- |
| ${breaks} |

## Search {#_words}

## Panel {#_panel}

Words that ${markup} strangersword wrote.
`,
);
