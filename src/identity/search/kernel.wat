;; The inner loops of the search. WebAssembly's arithmetic is the same on every machine, so answers are too.
;; `npm run build:search` assembles it into kernel.wasm beside it.
(module
  (memory (export "memory") 1)

  ;; row · query, f32, four numbers at a time; `bytes` long both, a multiple of 64.
  (func $dot (param $row i32) (param $bytes i32) (param $query i32) (result f32)
    (local $end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $row) (local.get $bytes)))
    (loop $column
      (local.set $a (f32x4.add (local.get $a)
        (f32x4.mul (v128.load (local.get $row)) (v128.load (local.get $query)))))
      (local.set $b (f32x4.add (local.get $b)
        (f32x4.mul (v128.load offset=16 (local.get $row)) (v128.load offset=16 (local.get $query)))))
      (local.set $c (f32x4.add (local.get $c)
        (f32x4.mul (v128.load offset=32 (local.get $row)) (v128.load offset=32 (local.get $query)))))
      (local.set $d (f32x4.add (local.get $d)
        (f32x4.mul (v128.load offset=48 (local.get $row)) (v128.load offset=48 (local.get $query)))))
      (local.set $query (i32.add (local.get $query) (i32.const 64)))
      (br_if $column (i32.lt_u
        (local.tee $row (i32.add (local.get $row) (i32.const 64)))
        (local.get $end))))
    (local.set $a (f32x4.add
      (f32x4.add (local.get $a) (local.get $b))
      (f32x4.add (local.get $c) (local.get $d))))
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
      (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))

  ;; out[i] = row i · query, f32, for `count` rows.
  (func (export "dots") (param $rows i32) (param $count i32) (param $bytes i32) (param $query i32) (param $out i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $row
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (f32.store (local.get $out) (call $dot (local.get $rows) (local.get $bytes) (local.get $query)))
        (local.set $rows (i32.add (local.get $rows) (local.get $bytes)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $row))))

  ;; at[i], u32, the number of a row, becomes that row · query, f32.
  (func (export "dotsAt") (param $rows i32) (param $count i32) (param $bytes i32) (param $query i32) (param $at i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $row
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (f32.store (local.get $at) (call $dot
          (i32.add (local.get $rows) (i32.mul (i32.load (local.get $at)) (local.get $bytes)))
          (local.get $bytes)
          (local.get $query)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $row))))

  ;; out[i] = bits in which sketch i and the query's differ, u8, for `count` sketches of 256 bits each; 0 for all 256.
  ;; 64 bits at a time: CPUs count them in one instruction, which vectors of bytes have not. Four sketches at a time:
  ;; `count` is rounded up to a multiple of 4.
  (func (export "differences") (param $sketches i32) (param $count i32) (param $query i32) (param $out i32)
    (local $end i32)
    (local $a i64) (local $b i64) (local $c i64) (local $d i64)
    (local.set $end (i32.add (local.get $out) (local.get $count)))
    (local.set $a (i64.load (local.get $query)))
    (local.set $b (i64.load offset=8 (local.get $query)))
    (local.set $c (i64.load offset=16 (local.get $query)))
    (local.set $d (i64.load offset=24 (local.get $query)))
    (block $done
      (loop $four
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (i64.store8 offset=0 (local.get $out) (i64.add
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=0 (local.get $sketches)) (local.get $a)))
            (i64.popcnt (i64.xor (i64.load offset=8 (local.get $sketches)) (local.get $b))))
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=16 (local.get $sketches)) (local.get $c)))
            (i64.popcnt (i64.xor (i64.load offset=24 (local.get $sketches)) (local.get $d))))))
        (i64.store8 offset=1 (local.get $out) (i64.add
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=32 (local.get $sketches)) (local.get $a)))
            (i64.popcnt (i64.xor (i64.load offset=40 (local.get $sketches)) (local.get $b))))
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=48 (local.get $sketches)) (local.get $c)))
            (i64.popcnt (i64.xor (i64.load offset=56 (local.get $sketches)) (local.get $d))))))
        (i64.store8 offset=2 (local.get $out) (i64.add
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=64 (local.get $sketches)) (local.get $a)))
            (i64.popcnt (i64.xor (i64.load offset=72 (local.get $sketches)) (local.get $b))))
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=80 (local.get $sketches)) (local.get $c)))
            (i64.popcnt (i64.xor (i64.load offset=88 (local.get $sketches)) (local.get $d))))))
        (i64.store8 offset=3 (local.get $out) (i64.add
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=96 (local.get $sketches)) (local.get $a)))
            (i64.popcnt (i64.xor (i64.load offset=104 (local.get $sketches)) (local.get $b))))
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=112 (local.get $sketches)) (local.get $c)))
            (i64.popcnt (i64.xor (i64.load offset=120 (local.get $sketches)) (local.get $d))))))
        (local.set $sketches (i32.add (local.get $sketches) (i32.const 128)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $four))))

  ;; Writes the numbers, u32, of the differences (u8) that are at most `limit`, in order; returns how many there are.
  ;; Sixteen at a time: what lies between `count` and the next multiple of 16 has to be above the limit.
  (func (export "within") (param $differences i32) (param $count i32) (param $limit i32) (param $out i32) (result i32)
    (local $number i32) (local $hits i32) (local $from i32) (local $most v128)
    (local.set $from (local.get $out))
    (local.set $most (i8x16.splat (local.get $limit)))
    (block $done
      (loop $block
        (br_if $done (i32.ge_u (local.get $number) (local.get $count)))
        (local.set $hits (i8x16.bitmask (i8x16.le_u
          (v128.load (i32.add (local.get $differences) (local.get $number)))
          (local.get $most))))
        (block $none
          (loop $hit
            (br_if $none (i32.eqz (local.get $hits)))
            (i32.store (local.get $out) (i32.add (local.get $number) (i32.ctz (local.get $hits))))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $hits (i32.and (local.get $hits) (i32.sub (local.get $hits) (i32.const 1))))
            (br $hit)))
        (local.set $number (i32.add (local.get $number) (i32.const 16)))
        (br $block)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $from)) (i32.const 2)))

  ;; out[i] = bits in which sketch at[i] (u32) and the query's differ, u16, for `count` of them.
  (func (export "differencesAt")
    (param $sketches i32) (param $at i32) (param $count i32) (param $query i32) (param $out i32)
    (local $end i32) (local $sketch i32)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $sketch (i32.add (local.get $sketches) (i32.shl (i32.load (local.get $at)) (i32.const 5))))
        (i64.store16 (local.get $out) (i64.add
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=0 (local.get $sketch)) (i64.load offset=0 (local.get $query))))
            (i64.popcnt (i64.xor (i64.load offset=8 (local.get $sketch)) (i64.load offset=8 (local.get $query)))))
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=16 (local.get $sketch)) (i64.load offset=16 (local.get $query))))
            (i64.popcnt (i64.xor (i64.load offset=24 (local.get $sketch)) (i64.load offset=24 (local.get $query)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (br $next)))))
