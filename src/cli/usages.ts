import type { Usage } from "./arguments.ts"

export const runUsage: Usage = {
  verb: "run",
  summary: "builds a twin, runs a scenario on it, writes a run directory and its report",
  operands: [
    { name: "TWIN", help: "a twin file, such as twins/li2022-three-particle.yaml" },
    { name: "SCENARIO", help: "a scenario file, such as scenarios/li2022-fixed-charge.yaml" },
  ],
  options: [
    { name: "tomogram", value: "FILE", help: "tomogram (TIFF) in the place of the one the twin names" },
    { name: "out", value: "DIR", help: "run directory; runs/<twin>-<scenario> if not given" },
    { name: "overwrite", help: "replace a run that is already in the directory" },
    { name: "threads", value: "N", help: "threads to use (the resolved twin solves on one)" },
    { name: "set", value: "path=value", repeats: true, help: "set any value of twin or scenario, with its unit" },
  ],
  examples: [
    "synchrode run twins/li2022-three-particle.yaml scenarios/one-cycle.yaml --out runs/first",
    'synchrode run twins/demo.yaml scenarios/one-cycle.yaml --set "materials.interface.cohesion.strength=200 MPa" --set cycle.repeat=3',
  ],
}

export const sweepUsage: Usage = {
  verb: "sweep",
  summary: "runs what-ifs side by side and compares them in one table and one report",
  operands: [
    { name: "[TWIN]", help: "a twin file, where the sweep's file or the points name none" },
    { name: "[SCENARIO]", help: "a scenario file, likewise" },
  ],
  options: [
    { name: "vary", value: "path=a,b,c", repeats: true, help: "values to try; path=low..high [log] with --samples" },
    { name: "list", help: "the first values of all --vary together, then the second ones; not every combination" },
    { name: "samples", value: "N", help: "a Latin hypercube of N runs" },
    { name: "seed", value: "S", help: "of the hypercube; 1 if not given" },
    { name: "design", value: "FILE", help: "a sweep file (YAML), in the place of --vary" },
    { name: "set", value: "path=value", repeats: true, help: "set a value for all runs" },
    { name: "tomogram", value: "FILE", help: "tomogram (TIFF) in the place of the one the twin names" },
    { name: "out", value: "DIR", help: "directory of the sweep; runs/<twin>-<scenario>-sweep if not given" },
    { name: "threads", value: "N", help: "runs side by side; as many as the machine has processors if not given" },
    { name: "retry-failed", help: "begin runs again that failed" },
    { name: "dry-run", help: "check everything and list the runs, run nothing" },
  ],
  examples: [
    'synchrode sweep twins/li2022-three-particle.yaml scenarios/demo.yaml --vary "materials.interface.cohesion.strength=200 MPa,300 MPa,400 MPa"',
    'synchrode sweep twins/demo.yaml scenarios/demo.yaml --samples 20 --vary "materials.active.diffusivity.value=1e-14 m^2/s..1e-13 m^2/s log"',
    "synchrode sweep --design scenarios/sweep-coverage.yaml --out runs/coverage",
  ],
}

export const resumeUsage: Usage = {
  verb: "resume",
  summary:
    "goes on from the last snapshot of a run, or with a sweep: same result as unbroken; or from any cycle, another way",
  operands: [{ name: "DIR", help: "directory of a run or of a sweep" }],
  options: [
    { name: "threads", value: "N", help: "runs of a sweep side by side" },
    { name: "from-cycle", value: "N", help: "go on from the end of this cycle, in a directory of its own (--out)" },
    { name: "out", value: "DIR", help: "with --from-cycle: the new run directory; DIR itself is left as it is" },
    { name: "scenario", value: "FILE", help: "with --from-cycle: another scenario; its cycles up to N count as done" },
    { name: "set", value: "path=value", repeats: true, help: "with --from-cycle: set any value of the scenario" },
    { name: "overwrite", help: "with --from-cycle: replace a run that is already in the new directory" },
  ],
  examples: [
    "synchrode resume runs/first",
    "synchrode resume runs/first --from-cycle 10 --out runs/longer --set cycle.repeat=50",
  ],
}

export const reportUsage: Usage = {
  verb: "report",
  summary: "makes the report of a run or of a sweep anew",
  operands: [{ name: "DIR", help: "directory of a run or of a sweep" }],
  options: [],
  examples: ["synchrode report runs/first"],
}

export const synchronisationUsage: Usage = {
  verb: "synchronisation",
  summary: "says whether particles go from asynchronous to synchronous, with the numbers, for a run or a table",
  operands: [
    {
      name: "FILE|DIR",
      help: "a run directory, or a CSV file with columns time_s, cycle, particle, mean_stoichiometry, damage",
    },
  ],
  options: [
    { name: "out", value: "FILE", help: "write the measures of each cycle as CSV" },
    { name: "threshold", value: "SHARE", help: "share of its peak below which a spread is synchronous (0.5)" },
    { name: "severe-damage", value: "DAMAGE", help: "damage from which on a particle is severely damaged (0.5)" },
  ],
  examples: [
    "synchrode synchronisation runs/first",
    "synchrode synchronisation particles.csv --threshold 0.3 --out cycles.csv",
  ],
}

export const validateUsage: Usage = {
  verb: "validate",
  summary: "runs verification and validation cases and writes their table (validation.md, validation.html)",
  operands: [{ name: "[CASE …]", help: "names of cases; all of them if none is given" }],
  options: [{ name: "out", value: "DIR", help: "where the tables are written; runs/validation if not given" }],
  examples: ["synchrode validate", "synchrode validate analytic/shrinking-inclusion --out /tmp"],
}

export const compareLabelsUsage: Usage = {
  verb: "compare-labels",
  summary: "holds found labels of particles against true ones: scores, splits, volumes, damage, and a report",
  operands: [
    { name: "TRUTH", help: "a label volume: 0 where there is no particle, whole numbers elsewhere, 0 in cracks" },
    { name: "FOUND", help: "another one of the same shape" },
  ],
  options: [
    { name: "voxel-size", value: "LENGTH", help: "edge of a voxel, such as 400nm, where the files do not state it" },
    { name: "out", value: "DIR", help: "where tables and report are written; runs/compare-labels if not given" },
    { name: "no-damage", help: "leave out the damage of every particle, which takes most of the time" },
    { name: "memory", value: "SIZE", help: "memory to work in while damage is measured, such as 2GB (1GB)" },
  ],
  examples: [
    "synchrode compare-labels phantom-labels.tif found.tif",
    "synchrode compare-labels truth.tif found.tif --voxel-size 400nm --out runs/comparison",
  ],
}

export const phantomUsage: Usage = {
  verb: "phantom",
  summary: "makes a volume of particles with known truth: gray values, labels, phases, a table",
  operands: [{ name: "OUT.tif", help: "file of the gray values; the others are named after it" }],
  options: [
    { name: "preset", value: "NAME", help: "separate, touching, cracked, polydisperse or dense (cracked)" },
    { name: "size", value: "N", help: "voxels along an edge, or along x, y and z: 300x300x200 (200)" },
    { name: "voxel-size", value: "LENGTH", help: "edge of a voxel (400nm)" },
    { name: "seed", value: "S", help: "a whole number; another one gives other particles (1)" },
    { name: "share", value: "SHARE", help: "of the volume that particles take, up to 0.6" },
  ],
  examples: [
    "synchrode phantom phantom.tif",
    "synchrode phantom dense.tif --preset dense --size 300x300x200 --voxel-size 250nm --seed 7",
  ],
}

export const initUsage: Usage = {
  verb: "init",
  summary: "makes a small project of one's own: twin, scenario, README",
  operands: [{ name: "DIR", help: "the folder to make it in" }],
  options: [],
  examples: ["synchrode init my-cathode"],
}
