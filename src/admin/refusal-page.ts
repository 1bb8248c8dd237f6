/** For a person who came by a link; programs get a problem document. */
export function refusalPage(page: { title: string; sentence: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Wattbook</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif; color: #17242d; background: #f3f6f8; }
main { max-width: 26rem; padding: 2.5rem; background: #fff; border: 1px solid #dde5ea; border-radius: 12px; }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
a { color: #0b6e5f; font-weight: 600; }
</style>
</head>
<body><main><h1>${page.title}</h1><p>${page.sentence}</p><p><a href="/">Back to the dashboard</a></p></main></body>
</html>`;
}
