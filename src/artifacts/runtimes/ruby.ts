import { askProgram, parseAnswer } from './ask-program.ts';
import { isOfSystem, keepProgramLinks } from './kept-directory.ts';
import type { Language } from './language.ts';

const question = [
  'require "rbconfig"',
  'program = File.realpath(RbConfig.ruby)',
  'STDOUT.write("[" + [program, RUBY_VERSION, RbConfig::CONFIG["prefix"]].map(&:dump).join(",") + "]")',
].join(';');

export const ruby: Language = {
  name: 'Ruby',
  programs: (version) => [`ruby${version}`, 'ruby'],
  places: (version) => [
    `~/.rbenv/versions/${version}.*/bin/ruby`,
    `~/.rvm/rubies/ruby-${version}.*/bin/ruby`,
    `~/.rubies/ruby-${version}.*/bin/ruby`,
    `/opt/rubies/ruby-${version}.*/bin/ruby`,
    `~/.asdf/installs/ruby/${version}.*/bin/ruby`,
    `~/.local/share/mise/installs/ruby/${version}.*/bin/ruby`,
    `/usr/local/bin/ruby${version}`,
    `/usr/bin/ruby${version}`,
  ],
  ask: async (file) => {
    const answer = parseAnswer(await askProgram(file, ['--disable-gems', '-e', question]));
    if (answer === undefined) return [];
    const [program, version, prefix] = answer;
    return [{ program, version, prefix }];
  },
  installedProgram: () => 'bin/ruby',
  mounts: async ({ program, version, prefix }, storeRoot) => {
    if (isOfSystem(prefix)) {
      const links = await keepProgramLinks(storeRoot, `host-ruby-${version}`, program, ['ruby']);
      return [{ target: '/var/lang', sources: [links] }];
    }
    // Most are built to find their library by an absolute path.
    return [
      { target: '/var/lang', sources: [prefix] },
      { target: prefix, sources: [prefix] },
    ];
  },
  advice: (version) => `install Ruby ${version}: a package of the system, or with rbenv`,
};
