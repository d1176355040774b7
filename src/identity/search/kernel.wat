;; The inner loops of the search, four numbers at a time. WebAssembly's arithmetic is the same on every machine, so
;; answers are too. `npm run build:search` assembles it into kernel.wasm beside it.
(module
  (memory (export "memory") 1)

  ;; out[i] = row i · query, f32, for `count` rows of `bytes` bytes each, a multiple of 64.
  (func (export "dots") (param $rows i32) (param $count i32) (param $bytes i32) (param $query i32) (param $out i32)
    (local $end i32) (local $at i32) (local $from i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $row
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (local.set $at (i32.const 0))
        (loop $column
          (local.set $from (i32.add (local.get $query) (local.get $at)))
          (local.set $a (f32x4.add (local.get $a)
            (f32x4.mul (v128.load (local.get $rows)) (v128.load (local.get $from)))))
          (local.set $b (f32x4.add (local.get $b)
            (f32x4.mul (v128.load offset=16 (local.get $rows)) (v128.load offset=16 (local.get $from)))))
          (local.set $c (f32x4.add (local.get $c)
            (f32x4.mul (v128.load offset=32 (local.get $rows)) (v128.load offset=32 (local.get $from)))))
          (local.set $d (f32x4.add (local.get $d)
            (f32x4.mul (v128.load offset=48 (local.get $rows)) (v128.load offset=48 (local.get $from)))))
          (local.set $rows (i32.add (local.get $rows) (i32.const 64)))
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (br_if $column (i32.lt_u (local.get $at) (local.get $bytes))))
        (local.set $a (f32x4.add
          (f32x4.add (local.get $a) (local.get $b))
          (f32x4.add (local.get $c) (local.get $d))))
        (f32.store (local.get $out) (f32.add
          (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
          (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $row))))

  ;; out[i] = bits in which sketch i and the query's differ, u16, for `count` sketches of 256 bits each. Four at a time:
  ;; `count` is rounded up to a multiple of 4. Sums are folded until each of the four has one lane.
  (func (export "differences") (param $sketches i32) (param $count i32) (param $query i32) (param $out i32)
    (local $end i32) (local $first v128) (local $second v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 1))))
    (local.set $first (v128.load (local.get $query)))
    (local.set $second (v128.load offset=16 (local.get $query)))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $a (i16x8.extadd_pairwise_i8x16_u (i8x16.add
          (i8x16.popcnt (v128.xor (v128.load offset=0 (local.get $sketches)) (local.get $first)))
          (i8x16.popcnt (v128.xor (v128.load offset=16 (local.get $sketches)) (local.get $second))))))
        (local.set $b (i16x8.extadd_pairwise_i8x16_u (i8x16.add
          (i8x16.popcnt (v128.xor (v128.load offset=32 (local.get $sketches)) (local.get $first)))
          (i8x16.popcnt (v128.xor (v128.load offset=48 (local.get $sketches)) (local.get $second))))))
        (local.set $c (i16x8.extadd_pairwise_i8x16_u (i8x16.add
          (i8x16.popcnt (v128.xor (v128.load offset=64 (local.get $sketches)) (local.get $first)))
          (i8x16.popcnt (v128.xor (v128.load offset=80 (local.get $sketches)) (local.get $second))))))
        (local.set $d (i16x8.extadd_pairwise_i8x16_u (i8x16.add
          (i8x16.popcnt (v128.xor (v128.load offset=96 (local.get $sketches)) (local.get $first)))
          (i8x16.popcnt (v128.xor (v128.load offset=112 (local.get $sketches)) (local.get $second))))))
        (local.set $a (i16x8.extadd_pairwise_i8x16_u (i8x16.narrow_i16x8_u (local.get $a) (local.get $b))))
        (local.set $c (i16x8.extadd_pairwise_i8x16_u (i8x16.narrow_i16x8_u (local.get $c) (local.get $d))))
        (local.set $a (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u
          (i8x16.narrow_i16x8_u (local.get $a) (local.get $c)))))
        (v128.store64_lane 0 (local.get $out) (i16x8.narrow_i32x4_u (local.get $a) (local.get $a)))
        (local.set $sketches (i32.add (local.get $sketches) (i32.const 128)))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (br $rows)))))
