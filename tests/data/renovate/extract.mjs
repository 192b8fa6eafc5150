// What Renovate's manager `regex` finds with the preset: `extract.mjs PRESET FOLDER FILE…` prints a line for each version, with its place. With a folder of `npm install
// renovate` in RENOVATE it asks the real manager; else it does what that does, by the same expressions.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [preset, folder, ...files] = process.argv.slice(2);
const managers = JSON.parse(readFileSync(preset, "utf8")).customManagers;
const real = process.env.RENOVATE
  ? await import(pathToFileURL(join(process.env.RENOVATE, "node_modules/renovate/dist/modules/manager/custom/regex/index.js")))
  : null;

function own(content, manager) {
  const filled = (template, groups) => template.replace(/\{\{\{(\w+)\}\}\}/g, (_, name) => groups[name]);
  return manager.matchStrings.flatMap((text) =>
    [...content.matchAll(new RegExp(text, "g"))].map(({ groups, 0: found, index }) => {
      const dependency = { ...groups, offset: index + found.lastIndexOf(groups.currentValue) };
      dependency.datasource ??= manager.datasourceTemplate;
      if (manager.packageNameTemplate) dependency.packageName = filled(manager.packageNameTemplate, groups);
      return dependency;
    }),
  );
}

async function ofRenovate(content, file, manager) {
  const extracted = await real.extractPackageFile(content, file, manager);
  return (extracted?.deps ?? []).map((dependency) => ({
    ...dependency,
    registryUrl: dependency.registryUrls?.[0]?.replace(/\/$/, ""),
    offset: content.indexOf(dependency.replaceString) + dependency.replaceString.lastIndexOf(dependency.currentValue),
  }));
}

for (const file of files) {
  const content = readFileSync(join(folder, file), "utf8");
  for (const manager of managers) {
    const wanted = manager.managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file));
    const found = !wanted ? [] : real ? await ofRenovate(content, file, manager) : own(content, manager);
    for (const { datasource, packageName, depName, registryUrl, currentValue, offset } of found) {
      const before = content.slice(0, offset).split("\n");
      const place = `${file}:${before.length}:${before.at(-1).length + 1}`;
      console.log([place, datasource, packageName ?? depName, registryUrl ?? "-", currentValue].join("\t"));
    }
  }
}
