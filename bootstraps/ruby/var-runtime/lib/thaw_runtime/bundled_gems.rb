# frozen_string_literal: true

module ThawRuntime
  # GEM_PATH names the gems of the function and its layers alone. Ruby's own come last: every release moves more of the
  # standard library to gems that are installed with it (`logger` in 4.0). What else the host has installed stays out.
  def self.find_bundled_gems
    return unless defined?(Gem.paths) && ENV['GEM_PATH']

    own = File.join(RbConfig::CONFIG['rubylibprefix'], 'gems', RbConfig::CONFIG['ruby_version'])
    Gem.paths = { 'GEM_HOME' => Gem.dir, 'GEM_PATH' => [*Gem.path, own].join(File::PATH_SEPARATOR) }
  end
end
