const TOKEN =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|#[^\n]*|--(?=\s|$)[^\n]*|\/\*[\s\S]*?\*\/|;|[^'"`#\-/;]+|[\s\S]/g;

function isComment(token: string): boolean {
  // `/*!` and `/*M!` are executable: they belong to the statement.
  return token.startsWith('#') || /^--(\s|$)/.test(token) || /^\/\*(?!M?!)/.test(token);
}

/** The statements of a script, without comments. A semicolon inside a string, a name or a comment ends nothing. */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let statement = '';
  const finish = () => {
    if (statement.trim() !== '') statements.push(statement.trim());
    statement = '';
  };
  for (const [token] of script.matchAll(TOKEN)) {
    if (token === ';') finish();
    else statement += isComment(token) ? ' ' : token;
  }
  finish();
  return statements;
}
