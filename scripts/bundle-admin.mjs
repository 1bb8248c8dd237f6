// Bundles the React components of the back office, and puts the data model beside the code that reads it.
// Called by the build; `node scripts/bundle-admin.mjs FILE` writes the bundle elsewhere.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const components = join(root, 'src/admin/components');
const target = resolve(process.argv[2] ?? join(root, 'dist/admin/components.bundle.js'));

// AdminJS reads both when it is imported. Express serves nothing from its default, a dot-folder.
process.env['NODE_ENV'] = 'production';
process.env['ADMIN_JS_TMP_DIR'] = join(root, 'var/adminjs', String(process.pid));

function componentName(file) {
  return file.replace(/\.tsx$/, '').replace(/(^|-)([a-z])/g, (_, _dash, letter) => letter.toUpperCase());
}

function entry() {
  const files = readdirSync(components).filter((file) => file.endsWith('.tsx') && !file.startsWith('shared-'));
  const imports = files.map((file) => `import { ${componentName(file)} } from ${JSON.stringify(join(components, file))};`);
  return [...imports, `AdminJS.UserComponents = { ${files.map(componentName).join(', ')} };`, ''].join('\n');
}

const { componentsBundler, ADMIN_JS_TMP_DIR, COMPONENTS_OUTPUT_PATH } = await import('adminjs/bundler');
await componentsBundler.createEntry({ content: entry() });
await componentsBundler.build();
mkdirSync(dirname(target), { recursive: true });
copyFileSync(COMPONENTS_OUTPUT_PATH, target);
rmSync(ADMIN_JS_TMP_DIR, { recursive: true });

if (process.argv[2] === undefined) {
  mkdirSync(join(root, 'dist/generated'), { recursive: true });
  copyFileSync(join(root, 'src/generated/data-model.json'), join(root, 'dist/generated/data-model.json'));
}
