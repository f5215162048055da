"""Random packs, their prompts and their golden outputs."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np
import onnxruntime as ort
import torch
from transformers import PreTrainedTokenizerFast
from transformers.models.smolvlm import processing_smolvlm

from onlooker_training import random_packs
from onlooker_training import reference_text as text
from onlooker_training.reference_arrays import Golden, GoldenWriter
from onlooker_training.reference_check import check
from onlooker_training.reference_model import Dimensions, SpecialIds, build_model
from onlooker_training.reference_onnx import OnnxPack, rotate
from onlooker_training.reference_run import ReferenceRunner, stack_keys

TESTDATA = Path(__file__).resolve().parents[2] / "testdata"
PACKS = TESTDATA / "packs"
GOLDEN = TESTDATA / "golden"
QUESTIONS = ["What is it?", "Où est le chat ? 猫 🐈", "a\n\tb  c"]


class CommittedPacksTest(unittest.TestCase):
    """The files in testdata/ agree with each other."""

    def replay(self, pack: str, golden: str) -> dict[str, float]:
        report = check(PACKS / pack, GOLDEN / golden)
        self.assertEqual([], report.failures(), report.text())
        return report.worst | {name: total for name, (_, total) in report.counts.items()}

    def test_plain_replays_every_topic(self):
        seen = self.replay("tiny-smolvlm", "tiny-smolvlm")
        for name in ("features", "sliding, running, keys", "masked block, logits",
                     "sliding, sinks moved, drop 3, raw keys", "shift by 1000, all layers"):
            self.assertIn(name, seen)
        self.assertEqual(6, seen["generation, greedy tokens"])

    def test_gqa_replays_what_it_can_express(self):
        seen = self.replay("tiny-smolvlm-gqa", "tiny-smolvlm")
        self.assertIn("sliding, rebuilt, drop 1, raw keys", seen)
        self.assertEqual(6, seen["in place, caches"])
        self.assertNotIn("sliding, running, keys", seen)

    def test_fp16_cache_replays(self):
        self.assertEqual(6, self.replay("tiny-idefics3-fp16kv", "tiny-idefics3-fp16kv")
                         ["generation, greedy tokens"])

    def test_declared_inputs(self):
        declared = {}
        for name in ("tiny-smolvlm", "tiny-smolvlm-gqa", "tiny-idefics3-fp16kv"):
            session = ort.InferenceSession(PACKS / name / "onnx" / "decoder_model_merged.onnx")
            declared[name] = {i.name: i for i in session.get_inputs()}
        for name in ("tiny-smolvlm", "tiny-idefics3-fp16kv"):
            self.assertIn("position_ids", declared[name])
            self.assertEqual([], declared[name]["num_logits_to_keep"].shape)
        self.assertNotIn("position_ids", declared["tiny-smolvlm-gqa"])
        self.assertNotIn("num_logits_to_keep", declared["tiny-smolvlm-gqa"])
        key = "past_key_values.0.key"
        self.assertEqual("tensor(float16)", declared["tiny-idefics3-fp16kv"][key].type)
        self.assertEqual(["batch_size", 2, "past_sequence_length", 16],
                         declared["tiny-smolvlm"][key].shape)

    def test_goldens_tell_the_rules_apart(self):
        golden = Golden(GOLDEN / "tiny-smolvlm")
        whole = golden.array("stream-values")[1:]
        running = golden.array("sliding-running-values")[1:]
        self.assertGreater(np.abs(running - whole).max(), 0.1)
        self.assertGreater(np.abs(golden.array("sliding-drop-1-values")[1:]
                                  - golden.array("sliding-drop-3-values")[1:]).max(), 0.1)
        self.assertGreater(np.abs(golden.array("masked-block-logits")
                                  - golden.array("recalled-logits")).max(), 0.1)
        for case in golden.topics["generation"]:
            self.assertGreater(len(set(case["tokens"])), 8, "tokens repeat: a weak test")
            self.assertGreater(case["smallestMargin"], 5e-4)

    def test_array_files_match_the_manifest(self):
        for folder in sorted(p for p in GOLDEN.iterdir() if p.is_dir()):
            golden = Golden(folder)
            files = {p.stem: p.stat().st_size for p in folder.glob("*.f32")}
            shapes = {name: 4 * int(np.prod(shape)) for name, shape in golden.shapes.items()}
            self.assertEqual(shapes, files)


class PromptTest(unittest.TestCase):
    """Our prompt forms against the library's code."""

    @classmethod
    def setUpClass(cls):
        cls.tokenizer = PreTrainedTokenizerFast.from_pretrained(str(PACKS / "tiny-smolvlm"))

    def chat(self, turns, template=None):
        return self.tokenizer.apply_chat_template(
            turns, chat_template=template, add_generation_prompt=True, tokenize=False)

    def test_template_equals_the_librarys_default(self):
        conversations = [text.user_turn(q, images, video) for q in QUESTIONS
                         for images in (0, 1, 2) for video in (False, True)]
        conversations.append(text.user_turn("one", 1) + [
            {"role": "assistant", "content": [{"type": "text", "text": "two"}]},
            *text.user_turn("three")])
        for turns in conversations:
            self.assertEqual(self.chat(turns, processing_smolvlm.DEFAULT_CHAT_TEMPLATE),
                             self.chat(turns))

    def test_video_prompt_equals_the_librarys(self):
        stand_in = SimpleNamespace(image_seq_len=4, image_token=text.IMAGE,
                                   fake_image_token=text.FAKE, global_image_token=text.GLOBAL)
        for seconds, duration in (([0.0], 1.0), ([0.5, 59.9, 61.0], 62.7),
                                  ([i * 1.5 for i in range(21)], 4000.0)):
            inputs = {"pixel_values": torch.zeros(1, len(seconds), 3, 1, 1),
                      "video_metadata": [SimpleNamespace(fps=1, timestamps=seconds,
                                                         duration=duration)]}
            with mock.patch.object(processing_smolvlm, "num2words", text.in_words):
                block = processing_smolvlm.SmolVLMProcessor.replace_video_token(
                    stand_in, inputs, 0)
            for question in QUESTIONS:
                expected = self.chat(text.user_turn(question, video=True)).replace(
                    "<video>", block)
                self.assertEqual(expected, text.video_prompt(question, seconds, duration, 4))

    def test_numbers_in_words(self):
        self.assertEqual("twenty-one", text.in_words(21))
        self.assertEqual("forty", text.in_words(40))
        self.assertEqual("one hundred and five", text.in_words(105))
        self.assertRaises(ValueError, text.in_words, 1000)

    def test_special_tokens_are_single_ids(self):
        for token in text.FIRST_SPECIALS + text.LAST_SPECIALS:
            self.assertEqual(1, len(self.tokenizer.encode(token, add_special_tokens=False)))
        self.assertEqual([0, 1, 2], self.tokenizer.convert_tokens_to_ids(text.FIRST_SPECIALS))


class BuildTest(unittest.TestCase):
    """The command itself, at other dimensions than the committed ones."""

    DIMENSIONS = ["--vision-layers", "1", "--vision-hidden", "32", "--vision-heads", "2",
                  "--vision-ffn", "48", "--image-size", "48", "--patch-size", "8",
                  "--scale-factor", "3", "--text-layers", "2", "--text-hidden", "96",
                  "--text-ffn", "40", "--heads", "3", "--kv-heads", "1", "--vocab", "400",
                  "--rope-theta", "5000", "--max-positions", "1200", "--seed", "7"]

    def test_command_builds_a_pack_that_passes_its_goldens(self):
        for decoder in ("plain", "gqa"):
            with tempfile.TemporaryDirectory() as folder, self.subTest(decoder):
                arguments = ["--out", f"{folder}/pack", "--golden", f"{folder}/golden",
                             "--decoder", decoder, *self.DIMENSIONS]
                self.assertEqual(0, random_packs.main(arguments))
                report = check(Path(folder, "pack"), Path(folder, "golden"))
                self.assertEqual([], report.failures(), report.text())
                config = json.loads(Path(folder, "pack", "config.json").read_text())
                self.assertEqual(5000, config["text_config"]["rope_theta"])

    def test_same_seed_same_weights(self):
        dims, ids = Dimensions(), SpecialIds(510, 1, 2, 511)
        first, same, other = (dict(build_model(dims, ids, seed).named_parameters())
                              for seed in (3, 3, 4))
        for name, weight in first.items():
            self.assertTrue(torch.equal(weight, same[name]), name)
            self.assertFalse(torch.equal(weight, other[name]), name)

    def test_impossible_dimensions_are_refused(self):
        for wrong in ({"patch_size": 15}, {"scale_factor": 3}, {"kv_heads": 3}, {"heads": 64},
                      {"model_type": "other"}):
            with self.subTest(wrong), self.assertRaises(ValueError):
                Dimensions(**wrong)

    def test_decoders_that_cannot_run_are_refused(self):
        for wrong in (["--kv-dtype", "float16"], ["--text-hidden", "32"]):
            with tempfile.TemporaryDirectory() as folder, self.subTest(wrong):
                with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                    random_packs.main(["--out", folder, "--decoder", "gqa", *wrong])
                self.assertEqual([], list(Path(folder).iterdir()))

    def test_check_fails_on_a_wrong_golden(self):
        with tempfile.TemporaryDirectory() as folder:
            golden = Golden(GOLDEN / "tiny-idefics3-fp16kv")
            writer = GoldenWriter(Path(folder))
            for name in golden.shapes:
                writer.array(name, golden.array(name) + 0.01 * (name == "cache-keys"))
            writer.topics |= golden.topics
            writer.close()
            for picture in golden.folder.glob("*.png"):
                Path(folder, picture.name).write_bytes(picture.read_bytes())
            pack = PACKS / "tiny-idefics3-fp16kv"
            with contextlib.redirect_stdout(io.StringIO()) as shown:
                code = random_packs.main(["--out", str(pack), "--golden", folder, "--check"])
            self.assertEqual(1, code)
            self.assertIn("FAILED: cache, keys", shown.getvalue())


class RotationTest(unittest.TestCase):
    """The rotation used in replays against the library's."""

    def test_rotation_equals_the_models(self):
        dims = Dimensions()
        runner = ReferenceRunner(build_model(dims, SpecialIds(510, 1, 2, 511), 0))
        step = runner.step(runner.embeds([5, 6, 7, 8]), range(40, 44))
        raw = torch.stack(step.raw_keys)
        np.testing.assert_allclose(rotate(raw.numpy(), range(40, 44), dims.rope_theta),
                                   stack_keys(step.added).numpy(), atol=5e-6)
        back = rotate(stack_keys(step.added).numpy(), range(-40, -44, -1), dims.rope_theta)
        np.testing.assert_allclose(back, raw.numpy(), atol=5e-6)

    def test_embeddings_keep_text_rows(self):
        pack = OnnxPack(PACKS / "tiny-smolvlm")
        image = pack.config["image_token_id"]
        rows = pack.embeds([5, image, image, image, image, 6], np.ones((1, 4, 64), np.float32))
        np.testing.assert_array_equal(np.ones((4, 64)), rows[1:5])
        np.testing.assert_array_equal(pack.embeds([5])[0], rows[0])


if __name__ == "__main__":
    unittest.main()
