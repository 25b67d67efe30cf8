# shellcheck shell=sh
# Finds a JDK and builds a module where that is needed. Read by the scripts that start something;
# they define fail, which says a sentence and exits, and set root to the project's directory.

least_java=25

# Sets $major to the feature version of the JDK in directory $1, or to 0 if there is none.
read_major() {
  major=0
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  version=
  if [ -r "$1/release" ]; then
    while IFS='=' read -r key value || [ -n "$key" ]; do
      if [ "$key" = JAVA_VERSION ]; then
        version=$value
        break
      fi
    done <"$1/release"
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.*version \("[^"]*"\).*/\1/p' | head -n 1)
  fi
  version=${version#\"}
  version=${version%%[!0-9]*}
  major=${version:-0}
}

# The home of the java that the shell would run. Some systems have a stub there: then java is asked.
home_on_path() {
  java=$(command -v java) || return 0
  while [ -L "$java" ]; do
    target=$(readlink "$java")
    case $target in
      /*) java=$target ;;
      *) java=$(dirname "$java")/$target ;;
    esac
  done
  home=$(dirname "$(dirname "$java")")
  if [ ! -r "$home/release" ]; then
    home=$("$java" -XshowSettings:properties -version 2>&1 </dev/null |
      sed -n 's/^ *java\.home = //p' | head -n 1)
  fi
  printf '%s\n' "$home"
}

# Sets $jdk to a JDK that will do: the one in JAVA_HOME, that on the PATH, or the oldest one that
# lies in a usual place, as the build is tried with that.
find_jdk() {
  jdk=
  seen=
  for home in "${JAVA_HOME:-}" "$(home_on_path)"; do
    [ -n "$home" ] || continue
    read_major "$home"
    if [ "$major" -ge "$least_java" ]; then
      jdk=$home
      return 0
    fi
    [ "$major" -eq 0 ] || seen=$major
  done
  best=0
  for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/*jdk* \
    /opt/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/.jdks/* \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec; do
    read_major "$home"
    if [ "$major" -ge "$least_java" ]; then
      if [ "$best" -eq 0 ] || [ "$major" -lt "$best" ]; then
        best=$major
        jdk=$home
      fi
    elif [ "$major" -gt "${seen:-0}" ]; then
      seen=$major
    fi
  done
  if [ -z "$jdk" ]; then
    found='none was found'
    [ -z "$seen" ] || found="only Java $seen was found"
    fail "Twofold needs a JDK $least_java or newer, and $found: install one (Eclipse Temurin $least_java, say), or set JAVA_HOME to where it is."
  fi
}

# Whether module $1 was built by build_where_needed since its sources, or core's, last changed.
is_built() {
  [ -f "$built" ] && [ -e "$root/$1/$2" ] || return 1
  newer=$(find "$root/pom.xml" "$root/core/pom.xml" "$root/$1/pom.xml" \
    "$root/core/src/main" "$root/$1/src/main" -newer "$built" 2>/dev/null)
  [ -z "$newer" ]
}

# Builds module $1 with the JDK that find_jdk found, unless what is built is recent and $2, a path
# in the module, is there.
build_where_needed() {
  built=$root/$1/target/built-by-launcher
  ! is_built "$1" "$2" || return 0
  command -v mvn >/dev/null 2>&1 ||
    fail 'Maven is needed to build Twofold before its first use, and there is no mvn on the PATH: install Maven 3.8.7 or newer.'
  if [ -f "$built" ]; then
    echo 'Building Twofold (its sources have changed)…' >&2
  else
    echo 'Building Twofold (first use)…' >&2
  fi
  mkdir -p "$root/$1/target" || fail "nothing can be written to $root/$1/target."
  log=$root/$1/target/build.log
  touch "$built.new"
  if ! JAVA_HOME=$jdk mvn -B -f "$root/pom.xml" -pl "$1" -am package \
    -Dmaven.test.skip=true -Dspotless.check.skip=true >"$log" 2>&1 </dev/null; then
    rm -f "$built"
    cat "$log" >&2
    fail 'the build failed; what Maven said stands above.'
  fi
  mv "$built.new" "$built"
}
